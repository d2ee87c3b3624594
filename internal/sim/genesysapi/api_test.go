package genesysapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim/genesysapi"
	"trunkline/internal/sim/scenario"
)

const details = "/api/v2/analytics/conversations/details"

// noon is when the tests take place, unless they say otherwise.
var noon = time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)

// talk is a conversation of the tests.
type talk struct {
	id         string
	start, end time.Time // no end: it never ended
	division   string
	queue      string
	media      string
	attributes map[string]string
	metrics    []scenario.Metric
	evaluated  time.Time // zero is never
}

func (c talk) End(at time.Time) (time.Time, bool) {
	return c.end, !c.end.IsZero() && !c.end.After(at)
}

func (c talk) AppendJSON(b []byte, at time.Time, attributes bool) []byte {
	const form = "2006-01-02T15:04:05.000Z"
	person := map[string]any{
		"participantId": "p-" + c.id, "purpose": "customer", "sessions": []any{map[string]any{
			"mediaType": c.media, "segments": []any{map[string]any{"queueId": c.queue}},
		}},
	}
	if attributes {
		person["attributes"] = c.attributes
	}
	body := map[string]any{
		"conversationId": c.id, "conversationStart": c.start.Format(form), "participants": []any{person},
	}
	if end, ended := c.End(at); ended {
		body["conversationEnd"] = end.Format(form)
	}
	if !c.evaluated.IsZero() && c.evaluated.Before(at) {
		body["evaluations"] = []any{map[string]any{
			"evaluationId": "e-" + c.id, "userId": "u1", "eventTime": c.evaluated.Format(form), "oTotalScore": 80, "rescored": true,
		}}
		body["surveys"] = []any{map[string]any{
			"surveyId": "s-" + c.id, "surveyStatus": "Finished", "eventTime": c.evaluated.Format(form), "surveyPromoterScore": 9,
		}}
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return append(b, text...)
}

func (c talk) AppendService(b []byte, _ time.Time) []byte {
	return fmt.Appendf(b, `{"id":%q,"participants":[{"id":%q,"attributes":{}}]}`, c.id, "p-"+c.id)
}

func (c talk) Emitted(at time.Time) []scenario.Metric {
	return slices.DeleteFunc(slices.Clone(c.metrics), func(m scenario.Metric) bool { return m.Emit.After(at) })
}

// world is a contact centre of the tests.
type world struct {
	talks     []talk
	directory genesysapi.Directory
}

func (w world) where(in func(talk) bool) iter.Seq[genesysapi.Conversation] {
	slices.SortStableFunc(w.talks, func(x, y talk) int { return x.start.Compare(y.start) })
	return func(yield func(genesysapi.Conversation) bool) {
		for _, c := range w.talks {
			if in(c) && !yield(w.tell(c)) {
				return
			}
		}
	}
}

func (w world) tell(c talk) genesysapi.Conversation {
	return genesysapi.Conversation{ID: c.id, Start: c.start, Division: c.division, Record: c}
}

func (w world) Overlapping(from, to, at time.Time) iter.Seq[genesysapi.Conversation] {
	return w.where(func(c talk) bool {
		end, ended := c.End(at)
		return c.start.Before(at) && c.start.Before(to) && (!ended || end.After(from) || !c.start.Before(from))
	})
}

func (w world) StartedOn(from, to, at time.Time) iter.Seq[genesysapi.Conversation] {
	return w.where(func(c talk) bool { return c.start.Before(at) && c.start.Before(to) && !c.start.Before(from) })
}

func (w world) Conversation(id string) (genesysapi.Conversation, bool) {
	for _, c := range w.talks {
		if c.id == id {
			return w.tell(c), true
		}
	}
	return genesysapi.Conversation{}, false
}

func (w world) Directory(time.Time) genesysapi.Directory { return w.directory }

// day gives n conversations of ten minutes, one a minute from midnight of the day before noon's.
func day(n int) []talk {
	var all []talk
	begin := noon.Truncate(24*time.Hour).AddDate(0, 0, -1)
	for i := range n {
		start := begin.Add(time.Duration(i) * time.Minute)
		all = append(all, talk{id: fmt.Sprintf("c%04d", i), start: start, end: start.Add(10 * time.Minute), media: "voice", queue: "q1"})
	}
	return all
}

// desk is a client of a served world.
type desk struct {
	t     *testing.T
	url   string
	token string
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// serve serves a world at noon and logs in.
func serve(t *testing.T, w world, o genesysapi.Options) *desk {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	server := httptest.NewServer(genesysapi.New(w, o))
	t.Cleanup(server.Close)
	d := &desk{t: t, url: server.URL}
	d.login()
	return d
}

func (d *desk) login() {
	d.t.Helper()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	got := d.send(http.MethodPost, "/oauth/token", "grant_type=client_credentials", func(r *http.Request) {
		r.SetBasicAuth("trunkline", "simulated")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
	got.into(d.t, &token)
	d.token = token.AccessToken
}

// try makes a call that may break.
func (d *desk) try(method, path, body string, change ...func(*http.Request)) (reply, error) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(r)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	return reply{got.StatusCode, got.Header, text}, err
}

func (d *desk) send(method, path, body string, change ...func(*http.Request)) reply {
	d.t.Helper()
	got, err := d.try(method, path, body, change...)
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

func (d *desk) get(path string) reply { d.t.Helper(); return d.send(http.MethodGet, path, "") }

func (d *desk) post(path, body string) reply {
	d.t.Helper()
	return d.send(http.MethodPost, path, body)
}

func (r reply) into(t *testing.T, v any) {
	t.Helper()
	if r.status/100 != 2 {
		t.Fatalf("status %d: %s", r.status, r.body)
	}
	if err := json.NewDecoder(bytes.NewReader(r.body)).Decode(v); err != nil {
		t.Fatalf("decode %s: %v", r.body, err)
	}
}

// failed asserts an error of the service's shape.
func (r reply) failed(t *testing.T, status int, code string) {
	t.Helper()
	var e struct {
		Code      string   `json:"code"`
		Message   string   `json:"message"`
		Status    int      `json:"status"`
		ContextID string   `json:"contextId"`
		Errors    []any    `json:"errors"`
		Details   []any    `json:"details"`
		Params    struct{} `json:"messageParams"`
	}
	if err := json.Unmarshal(r.body, &e); err != nil {
		t.Fatalf("decode %d %s: %v", r.status, r.body, err)
	}
	if r.status != status || e.Status != status || e.Code != code || e.Message == "" || e.Errors == nil || e.Details == nil {
		t.Errorf("got %d %s, want %d %s", r.status, r.body, status, code)
	}
	if id := r.header.Get("Inin-Correlation-Id"); id == "" || id != e.ContextID {
		t.Errorf("correlation id %q, contextId %q", id, e.ContextID)
	}
	if kind := r.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("content type %q", kind)
	}
}

// pageOf is a page of conversations as a client reads it.
type pageOf struct {
	Conversations *[]struct {
		ID           string  `json:"conversationId"`
		End          *string `json:"conversationEnd"`
		Participants []struct {
			Attributes map[string]string `json:"attributes"`
		} `json:"participants"`
	} `json:"conversations"`
	Cursor    *string `json:"cursor"`
	Available string  `json:"dataAvailabilityDate"`
	Total     *int    `json:"totalHits"`
}

func (p pageOf) ids() []string {
	ids := []string{}
	if p.Conversations != nil {
		for _, c := range *p.Conversations {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func TestEveryAnswerHasACorrelationId(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{})
	first, second := d.get("/api/v2/organizations/me"), d.get("/api/v2/nowhere")
	second.failed(t, http.StatusNotFound, "not.found")
	if x, y := first.header.Get("Inin-Correlation-Id"), second.header.Get("Inin-Correlation-Id"); x == "" || x == y {
		t.Errorf("correlation ids %q and %q", x, y)
	}
}

func TestCompressesWhenAsked(t *testing.T) {
	d := serve(t, world{talks: day(3)}, genesysapi.Options{})
	for asked, want := range map[string]string{"gzip": "gzip", "identity": ""} {
		got := d.send(http.MethodGet, details+"?id=c0000", "", func(r *http.Request) { r.Header.Set("Accept-Encoding", asked) })
		if e := got.header.Get("Content-Encoding"); e != want {
			t.Errorf("asked for %s: encoding %q", asked, e)
		}
		if plain := bytes.Contains(got.body, []byte("c0000")); plain != (want == "") {
			t.Errorf("asked for %s: body %q", asked, got.body)
		}
	}
}

func TestDivisionsHideSilently(t *testing.T) {
	talks := day(2)
	talks[0].division, talks[1].division = "mine", "theirs"
	w := world{talks: talks, directory: genesysapi.Directory{Queues: []scenario.Queue{{ID: "q1", DivisionID: "mine"}, {ID: "q2", DivisionID: "theirs"}}}}
	d := serve(t, w, genesysapi.Options{Divisions: []string{"mine"}})

	if got := d.query(`{"interval":"2026-11-18T00:00Z/2026-11-19T00:00Z"}`).ids(); !slices.Equal(got, []string{"c0000"}) {
		t.Errorf("query: %v", got)
	}
	if got := d.job(`{"interval":"2026-11-18T00:00Z/2026-11-19T00:00Z"}`, 10); !slices.Equal(got, []string{"c0000"}) {
		t.Errorf("job: %v", got)
	}
	d.get("/api/v2/conversations/c0001").failed(t, http.StatusNotFound, "not.found")
	var queues struct{ Total int }
	d.get("/api/v2/routing/queues").into(t, &queues)
	if queues.Total != 1 {
		t.Errorf("%d queues", queues.Total)
	}
}
