package sim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
)

const details = "/api/v2/analytics/conversations/details"

// small is two busy days of a small centre.
func small() scenario.Config {
	c := scenario.Default()
	c.Days, c.PerDay = 2, 300
	return c
}

// caller is a client that has logged in to Genesys.
type caller struct {
	t          *testing.T
	centre     *sim.Centre
	url, token string
}

func call(t *testing.T, c sim.Config) *caller {
	t.Helper()
	centre, err := sim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	t.Cleanup(server.Close)
	d := &caller{t: t, centre: centre, url: server.URL}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	r := d.request(http.MethodPost, "/oauth/token", url.Values{"grant_type": {"client_credentials"}}.Encode())
	r.SetBasicAuth("trunkline", "simulated")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.do(r, http.StatusOK, &token)
	d.token = token.AccessToken
	return d
}

func (d *caller) request(method, path, body string) *http.Request {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	r.Header.Set("Content-Type", "application/json")
	return r
}

func (d *caller) do(r *http.Request, status int, into any) {
	d.t.Helper()
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != status {
		d.t.Fatalf("%s: %d %s %v", r.URL.Path, got.StatusCode, text, err)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(text, into); err != nil {
		d.t.Fatalf("%s: %s: %v", r.URL.Path, text, err)
	}
}

func (d *caller) get(path string, into any) {
	d.t.Helper()
	d.do(d.request(http.MethodGet, path, ""), http.StatusOK, into)
}

func (d *caller) post(path, body string, into any) {
	d.t.Helper()
	d.do(d.request(http.MethodPost, path, body), http.StatusOK, into)
}

// job gives the conversations of an interval as a details job finds them.
func (d *caller) job(interval string, size int) []json.RawMessage {
	d.t.Helper()
	var job struct{ JobID string }
	d.do(d.request(http.MethodPost, details+"/jobs", fmt.Sprintf(`{"interval":%q}`, interval)), http.StatusAccepted, &job)
	var all []json.RawMessage
	for cursor := ""; ; {
		var page struct {
			Conversations []json.RawMessage
			Cursor        string
		}
		d.get(fmt.Sprintf("%s/jobs/%s/results?pageSize=%d&cursor=%s", details, job.JobID, size, cursor), &page)
		all = append(all, page.Conversations...)
		if cursor = page.Cursor; cursor == "" {
			return all
		}
	}
}

func span(from, to time.Time) string {
	return from.UTC().Format(time.RFC3339) + "/" + to.UTC().Format(time.RFC3339)
}

func TestBothSystemsAnswerOnOnePort(t *testing.T) {
	d := call(t, sim.Config{Scenario: small()})
	d.get("/api/v2/organizations/me", nil)
	r := d.request(http.MethodPost, "/services/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"trunkline"}, "client_secret": {"simulated"},
	}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d.do(r, http.StatusOK, nil)
	stats := d.centre.Stats()
	if stats.Calls != 3 || stats.Logins != 2 || stats.Served("/api/v2/") != 1 {
		t.Errorf("stats %+v", stats)
	}
}

// Whatever is served in pages is what the world tells, once each.
func TestJobServesTheWorld(t *testing.T) {
	config := small()
	d := call(t, sim.Config{Scenario: config})
	from, to := config.Start, config.Start.AddDate(0, 0, 1)
	var want []string
	at := config.Start.AddDate(0, 0, config.Days)
	for c := range d.centre.World().Overlapping(from, to, at) {
		want = append(want, c.ID)
	}
	if len(want) < config.PerDay {
		t.Fatalf("the world tells of %d", len(want))
	}
	for _, size := range []int{97, 1000} {
		got := d.job(span(from, to), size)
		if len(got) != len(want) {
			t.Fatalf("pages of %d: %d conversations of %d", size, len(got), len(want))
		}
		for i, text := range got {
			if !bytes.Contains(text, []byte(want[i])) {
				t.Errorf("pages of %d: place %d is not %s", size, i, want[i])
			}
		}
	}
}

func TestClock(t *testing.T) {
	begin := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
	still := sim.NewClock(begin, 0)
	if still.Advance(time.Hour); !still.Now().Equal(begin.Add(time.Hour)) {
		t.Errorf("a clock that stands still: %s", still.Now())
	}
	if still.Set(begin); !still.Now().Equal(begin) {
		t.Errorf("set: %s", still.Now())
	}
	fast := sim.NewClock(begin, 3600)
	time.Sleep(5 * time.Millisecond)
	if gone := fast.Now().Sub(begin); gone < 18*time.Second {
		t.Errorf("a fast clock: %s", gone)
	}
}

func TestLatencyAndStatsOfManyCallers(t *testing.T) {
	d := call(t, sim.Config{Scenario: small(), Latency: 10 * time.Millisecond, RatePerMinute: 5})
	begin := time.Now()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			got, err := http.DefaultClient.Do(d.request(http.MethodGet, "/api/v2/conversations/nothing", ""))
			if err != nil {
				t.Error(err)
				return
			}
			_ = got.Body.Close()
		})
	}
	group.Wait()
	if took := time.Since(begin); took < 10*time.Millisecond {
		t.Errorf("answered after %s", took)
	}
	stats := d.centre.Stats()
	if stats.Throttled != 3 || stats.Calls != 9 || stats.Logins != 1 {
		t.Errorf("stats %+v", stats)
	}
	if n := stats.Routes[sim.Route{Pattern: "GET /api/v2/conversations/{id}", Status: http.StatusNotFound}]; n != 5 {
		t.Errorf("routes %v", stats.Routes)
	}
}

func TestBadDayIsSurvivable(t *testing.T) {
	centre, err := sim.New(sim.Config{Scenario: small(), Faults: sim.BadDay(7, 0.05)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	t.Cleanup(server.Close)
	for range 200 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v2/users", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := http.DefaultClient.Do(r); err == nil {
			_ = got.Body.Close()
		}
	}
	for _, status := range []int{401, 429, 502, 503, 504} {
		n := int64(0)
		for route, calls := range centre.Stats().Routes {
			if route.Status == status {
				n += calls
			}
		}
		if n == 0 {
			t.Errorf("nothing went wrong with %d: %v", status, centre.Stats().Routes)
		}
	}
}

func TestReplayLogsWhatItPassesOver(t *testing.T) {
	var log bytes.Buffer
	if _, err := sim.New(sim.Config{Replay: "testdata/recorded", Log: slog.New(slog.NewTextHandler(&log, nil))}); err != nil {
		t.Fatal(err)
	}
	if got := log.String(); !strings.Contains(got, "files=3 records=27 passed_over_files=2 passed_over_items=0") {
		t.Errorf("log %s", got)
	}
}
