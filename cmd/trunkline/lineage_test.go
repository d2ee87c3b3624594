package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

// lineageServer keeps what it is told, and holds it against the specification.
type lineageServer struct {
	url    string
	mu     sync.Mutex
	events []lineageEvent
	text   bytes.Buffer
	keys   []string
}

// lineageEvent is what the tests look at.
type lineageEvent struct {
	EventType string
	EventTime time.Time
	Run       struct {
		RunID  string `json:"runId"`
		Facets struct {
			Parent struct {
				Run struct {
					RunID string `json:"runId"`
				}
				Job struct{ Namespace, Name string }
			}
			NominalTime  struct{ NominalStartTime time.Time }
			ErrorMessage struct{ Message string }
		}
	}
	Job             struct{ Namespace, Name string }
	Inputs, Outputs []lineageDataset
}

type lineageDataset struct {
	Namespace, Name string
	Facets          struct {
		Schema struct{ Fields []struct{ Name string } }
	}
	OutputFacets struct{ OutputStatistics struct{ RowCount int64 } }
	InputFacets  struct {
		DataQualityAssertions struct{ Assertions []struct{ Success bool } }
	}
}

// newLineageServer starts a server that answers by a function; nil is that it takes everything.
func newLineageServer(t *testing.T, answer http.HandlerFunc) *lineageServer {
	t.Helper()
	c := validator.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/openlineage/run-event.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	l := &lineageServer{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/api/v1/lineage" {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.text.Write(body)
		l.text.WriteByte('\n')
		l.keys = append(l.keys, r.Header.Get("Authorization"))
		var e lineageEvent
		document, err := validator.UnmarshalJSON(bytes.NewReader(body))
		if err == nil {
			err = schema.Validate(document)
		}
		if err == nil {
			err = json.Unmarshal(body, &e)
		}
		if err != nil {
			t.Errorf("%s: %v", body, err)
		}
		l.events = append(l.events, e)
		if answer != nil {
			answer(w, r)
			return
		}
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(server.Close)
	l.url = server.URL
	return l
}

// of gives the events of a job, in the order in which they came.
func (l *lineageServer) of(job string) (events []lineageEvent) {
	return slices.DeleteFunc(slices.Clone(l.events), func(e lineageEvent) bool { return e.Job.Name != job })
}

func (s *stage) tellLineage(options string) {
	s.t.Helper()
	text := readText(s.t, s.config())
	text, _, _ = strings.Cut(text, "telemetry:")
	if err := os.WriteFile(s.config(), []byte(text+"telemetry: {openlineage: {"+options+"}}\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func TestLineage(t *testing.T) {
	s := newStage(t, 40, 1)
	s.goTo(0)
	l := newLineageServer(t, nil)
	s.tellLineage(fmt.Sprintf("url: %q, namespace: acme, api_key: hunter2-key", l.url))
	s.mustCommand("run", "--date", s.date(0))

	steps, err := s.flow().Steps()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		job := "nightly." + strings.ReplaceAll(step.Name, "/", ".")
		events := l.of(job)
		if len(events) != 2 || events[0].EventType != "START" || events[1].EventType != "COMPLETE" || events[0].Run.RunID != events[1].Run.RunID {
			t.Errorf("%s: %d events: %+v", job, len(events), events)
			continue
		}
		if p := events[0].Run.Facets.Parent; p.Job.Namespace != "acme" || p.Job.Name != "nightly" || p.Run.RunID != l.events[0].Run.Facets.Parent.Run.RunID {
			t.Errorf("%s: parent %+v", job, p)
		}
		if got := events[0].Run.Facets.NominalTime.NominalStartTime; !got.Equal(s.window(0).From) {
			t.Errorf("%s: is about %s", job, got)
		}
	}
	unify, load := l.of("nightly.transform.unify")[1], l.of("nightly.load.warehouse")[1]
	var made []string
	for _, o := range unify.Outputs {
		made = append(made, o.Name)
		if !slices.ContainsFunc(load.Inputs, func(i lineageDataset) bool { return i.Name == o.Name && i.Namespace == o.Namespace }) {
			t.Errorf("load does not read %s, which unify makes", o.Name)
		}
	}
	if len(made) == 0 {
		t.Error("unify makes nothing")
	}
	rows := map[string]int64{}
	for _, o := range load.Outputs {
		if len(o.Facets.Schema.Fields) == 0 {
			t.Errorf("%s has no columns", o.Name)
		}
		rows[o.Name[strings.LastIndexByte(o.Name, '/')+1:]] = o.OutputFacets.OutputStatistics.RowCount
	}
	if got, want := rows["unified_interactions"], int64(s.number("select count(*) from unified_interactions")); got != want || want == 0 {
		t.Errorf("%d rows of unified_interactions, want %d", got, want)
	}
	if audit := l.of("nightly.audit")[1]; len(audit.Inputs) != 1 || len(audit.Inputs[0].InputFacets.DataQualityAssertions.Assertions) < 3 {
		t.Errorf("audit tells of %+v", audit.Inputs)
	}
	if strings.Contains(l.text.String(), "simulated") || strings.Contains(l.text.String(), "hunter2") {
		t.Error("an event holds a secret")
	}
	if diff := cmp.Diff("Bearer hunter2-key", l.keys[0]); diff != "" {
		t.Error(diff)
	}
	told := len(l.events)
	s.mustCommand("run", "--date", s.date(0))
	if len(l.events) != told {
		t.Errorf("%d events of steps that were done already", len(l.events)-told)
	}
}

func TestLineageOfAFailure(t *testing.T) {
	s := newStage(t, 5, 1)
	s.goTo(0)
	l := newLineageServer(t, nil)
	const parent = "airflow/nightly.extract/0191f0c4-5f0e-7000-8000-000000000001"
	t.Setenv("OPENLINEAGE_PARENT_ID", parent)
	t.Setenv("OPENLINEAGE_URL", l.url)
	text := strings.ReplaceAll(readText(t, s.config()), "simulated", "hunter2-wrong")
	if err := os.WriteFile(s.config(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := s.tryCommand("do", "extract/genesys.users", "--date", s.date(0)); code != exitDenied {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	events := l.of("nightly.extract.genesys.users")
	if len(events) != 2 || events[1].EventType != "FAIL" || !strings.Contains(events[1].Run.Facets.ErrorMessage.Message, "TL410") {
		t.Fatalf("%+v", events)
	}
	p := events[1].Run.Facets.Parent
	if got := p.Job.Namespace + "/" + p.Job.Name + "/" + p.Run.RunID; got != parent {
		t.Errorf("parent %s", got)
	}
	if strings.Contains(l.text.String(), "hunter2") {
		t.Error("an event holds a secret")
	}
	t.Setenv("OPENLINEAGE_PARENT_ID", "nightly")
	if code, said := s.tryCommand("do", "extract/genesys.users", "--date", s.date(0)); code == exitMisuse || !strings.Contains(said, "OPENLINEAGE_PARENT_ID") {
		t.Errorf("a variable that a scheduler left unfilled is warned of, and fails nothing: exit code %d\n%s", code, said)
	}
}

// TestLineageNeverFailsNorDelaysARun: a server that is down, refuses, or never answers is given up after one try.
func TestLineageNeverFailsNorDelaysARun(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	silent := newLineageServer(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	refusing := newLineageServer(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such tenant", http.StatusForbidden) })
	for _, test := range []struct{ name, url, want string }{
		{"down", "http://127.0.0.1:1", "refused"},
		{"refusing", refusing.url, "no such tenant"},
		{"silent", silent.url, "Client.Timeout"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, 5, 1)
			s.goTo(0)
			s.tellLineage(fmt.Sprintf("url: %q", test.url))
			said := s.mustCommand("extract", "--date", s.date(0))
			if n := strings.Count(said, "lineage is not told"); n != 1 || !strings.Contains(said, test.want) {
				t.Errorf("%d warnings, want one with %q:\n%s", n, test.want, said)
			}
		})
	}
	if n := len(refusing.events); n != 1 {
		t.Errorf("the server that refuses got %d events, want one", n)
	}
}
