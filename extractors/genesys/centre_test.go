package genesys_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/internal/sim/genesysapi"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

var (
	midnight = time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
	day      = pipeline.Window{From: midnight, To: midnight.Add(24 * time.Hour)}
)

// talk is a conversation of a small, regular world.
type talk struct {
	id         string
	start, end time.Time // an end of zero is never
}

func (c talk) End(at time.Time) (time.Time, bool) {
	if c.end.IsZero() || c.end.After(at) {
		return time.Time{}, false
	}
	return c.end, true
}

func (c talk) AppendJSON(b []byte, at time.Time, attributes bool) []byte {
	b = fmt.Appendf(b, `{"conversationId":%q, "conversationStart":%q`, c.id, c.start.Format(time.RFC3339))
	if end, ended := c.End(at); ended {
		b = fmt.Appendf(b, `,"conversationEnd":%q`, end.Format(time.RFC3339))
	}
	b = append(b, `,"participants":[{"purpose":"customer"`...)
	if attributes {
		b = append(b, `,"attributes":{"sfAccountId":"001"}`...)
	}
	return append(b, `}]}`...)
}

func (c talk) AppendService(b []byte, _ time.Time) []byte {
	return fmt.Appendf(b, `{"id":%q,"participants":[{"attributes":{"sfAccountId":"001"}}]}`, c.id)
}

func (c talk) Emitted(time.Time) []scenario.Metric {
	return []scenario.Metric{{Name: "nOffered", Value: 1, Emit: c.start, QueueID: "q1", MediaType: "voice"}}
}

// world has a conversation every few minutes; every tenth never ends, every seventh is over after a day.
type world []talk

func newWorld(from time.Time, n int, every time.Duration) world {
	w := make(world, n)
	for i := range w {
		start := from.Add(time.Duration(i) * every)
		w[i] = talk{fmt.Sprintf("00000000-0000-4000-8000-%012d", i), start, start.Add(10 * time.Minute)}
		switch {
		case i%10 == 9:
			w[i].end = time.Time{}
		case i%7 == 6:
			w[i].end = start.Add(24 * time.Hour)
		}
	}
	return w
}

func (w world) where(keep func(talk) bool) iter.Seq[genesysapi.Conversation] {
	return func(yield func(genesysapi.Conversation) bool) {
		for _, c := range w {
			if keep(c) && !yield(genesysapi.Conversation{ID: c.id, Start: c.start, Division: "home", Record: c}) {
				return
			}
		}
	}
}

func (w world) Overlapping(from, to, at time.Time) iter.Seq[genesysapi.Conversation] {
	return w.where(func(c talk) bool {
		end, ended := c.End(at)
		return c.start.Before(at) && c.start.Before(to) && (!ended || !end.Before(from))
	})
}

func (w world) StartedOn(from, to, at time.Time) iter.Seq[genesysapi.Conversation] {
	return w.where(func(c talk) bool { return c.start.Before(at) && c.start.Before(to) && !c.start.Before(from) })
}

func (w world) Conversation(id string) (genesysapi.Conversation, bool) {
	for c := range w.where(func(c talk) bool { return c.id == id }) {
		return c, true
	}
	return genesysapi.Conversation{}, false
}

func (w world) Directory(time.Time) genesysapi.Directory {
	var d genesysapi.Directory
	for i := range 1201 {
		state := []string{"active", "inactive", "deleted"}[i%3]
		d.Users = append(d.Users, scenario.User{ID: "u" + strconv.Itoa(i), Name: "User", State: state, DivisionID: "home"})
	}
	for i := range 3 {
		d.Queues = append(d.Queues, scenario.Queue{ID: "q" + strconv.Itoa(i), Name: "Queue", DivisionID: "home"})
	}
	d.WrapupCodes = []scenario.WrapupCode{{ID: "w1", Name: "Sold", DivisionID: "home"}}
	d.Divisions = []scenario.Division{{ID: "home", Name: "Home", Home: true}}
	d.Flows = []scenario.Flow{{ID: "f1", Name: "Menu", DivisionID: "home"}, {ID: "f2", Name: "Old menu", DivisionID: "home", Deleted: true}}
	return d
}

// ids gives the conversations whose life overlaps a window, as known at a moment.
func (w world) ids(win pipeline.Window, at time.Time) []string {
	var ids []string
	for c := range w.Overlapping(win.From, win.To, at) {
		ids = append(ids, c.ID)
	}
	return ids
}

// centre is the simulated service with faults in front of it.
type centre struct {
	mu      sync.Mutex // guards api: a request that was given up may still be served when the service restarts
	api     *genesysapi.API
	server  *httptest.Server
	revoked sync.Once
	calls   sync.Map // "METHOD path" → *atomic.Int64
	// fault may answer in place of the service: n counts the calls of the path, from 1.
	fault func(w http.ResponseWriter, r *http.Request, n int64) bool
}

func newCentre(t *testing.T, w world, o genesysapi.Options) *centre {
	t.Helper()
	c := &centre{api: genesysapi.New(w, o)}
	c.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := c.calls.LoadOrStore(r.Method+" "+r.URL.Path, new(atomic.Int64))
		if count := n.(*atomic.Int64).Add(1); c.fault != nil && c.fault(w, r, count) {
			return
		}
		c.mu.Lock()
		api := c.api
		c.mu.Unlock()
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(c.server.Close)
	return c
}

// restart puts another service in the place of this one; it knows nothing of jobs and tokens of before.
func (c *centre) restart(api *genesysapi.API) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.api = api
}

// count gives how often paths that begin so were called.
func (c *centre) count(prefix string) (n int64) {
	c.calls.Range(func(key, value any) bool {
		if strings.HasPrefix(key.(string), prefix) {
			n += value.(*atomic.Int64).Load()
		}
		return true
	})
	return n
}

func (c *centre) config(change ...func(*genesys.Config)) genesys.Config {
	config := genesys.Config{
		BaseURL: c.server.URL, ClientID: "trunkline", ClientSecret: secret.New("simulated"),
		RequestsPerMinute: 1_000_000, PageSize: 10, SyncPageSize: 10,
	}
	for _, f := range change {
		f(&config)
	}
	return config
}

func (c *centre) open(t *testing.T, change ...func(*genesys.Config)) *genesys.Extractor {
	t.Helper()
	x, err := genesys.Open(t.Context(), c.config(change...))
	if err != nil {
		t.Fatal(err)
	}
	x.Hurry()
	return x
}

// clock gives a service's time: days after midnight, going on as ours does not.
func clock(after time.Duration) func() time.Time {
	return func() time.Time { return midnight.Add(after) }
}

// read gives what was read, by key, in its last version.
func read(ctx context.Context, x *genesys.Extractor, stream string, w pipeline.Window) (map[string]pipeline.Record, error) {
	got := map[string]pipeline.Record{}
	err := x.Extract(ctx, stream, w, func(page []pipeline.Record) error {
		for _, r := range page {
			got[r.Key] = r
		}
		return nil
	})
	return got, err
}

// mustRead reads a window of conversations and checks that they are those wanted.
func mustRead(t *testing.T, x *genesys.Extractor, w pipeline.Window, want []string) map[string]pipeline.Record {
	t.Helper()
	got, err := read(t.Context(), x, "conversations", w)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range want {
		if _, ok := got[id]; !ok {
			t.Errorf("conversation %s is missing", id)
		}
	}
	for id := range got {
		if !slices.Contains(want, id) {
			t.Errorf("conversation %s does not belong to %v", id, w)
		}
	}
	return got
}
