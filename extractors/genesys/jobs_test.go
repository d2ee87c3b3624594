package genesys_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"trunkline/extractors/extractortest"
	"trunkline/extractors/genesys"
	"trunkline/internal/sim/genesysapi"
	"trunkline/pipeline"
)

func TestKeepsThePromisesOfAnExtractor(t *testing.T) {
	w := newWorld(midnight.Add(-24*time.Hour), 120, 20*time.Minute)
	x := newCentre(t, w, genesysapi.Options{Now: clock(72 * time.Hour)}).open(t, func(c *genesys.Config) { c.Aggregates = true })
	for stream, want := range map[string]int{
		"conversations": len(w.ids(day, midnight.Add(72*time.Hour))), "users": 1201, "queues": 3, "wrapupcodes": 1,
		"divisions": 1, "flows": 2,
	} {
		t.Run(stream, func(t *testing.T) {
			extractortest.Run(t, x, extractortest.Case{Stream: stream, Window: day, Want: want})
		})
	}
	t.Run("aggregates", func(t *testing.T) {
		long := pipeline.Window{From: day.From.Add(-24 * time.Hour), To: day.To}
		extractortest.Run(t, x, extractortest.Case{Stream: "aggregates", Window: long, Want: 40})
	})
}

func TestKeepsThePromisesIntraday(t *testing.T) {
	w := newWorld(midnight.Add(-12*time.Hour), 30, 30*time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(4 * time.Hour), Lag: 8 * time.Hour})
	window := pipeline.Window{From: midnight.Add(-12 * time.Hour), To: midnight.Add(3 * time.Hour)}
	x := c.open(t, func(c *genesys.Config) { c.Intraday = true })
	extractortest.Run(t, x, extractortest.Case{Stream: "conversations", Window: window, Want: len(w.ids(window, midnight.Add(4*time.Hour)))})
}

func TestRecordsAreVerbatimAndHaveAttributes(t *testing.T) {
	w := newWorld(midnight, 40, 20*time.Minute)
	x := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour)}).open(t)
	got := mustRead(t, x, day, w.ids(day, midnight.Add(48*time.Hour)))
	for _, c := range w {
		if r := got[c.id]; string(r.Body) != string(c.AppendJSON(nil, midnight.Add(48*time.Hour), true)) || !r.At.Equal(c.start) {
			t.Errorf("%s at %s: %s", c.id, r.At, r.Body)
		}
	}
}

func TestWaitsForTheDataOfTheWindow(t *testing.T) {
	w := newWorld(midnight, 40, 20*time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(30 * time.Hour), Lag: 8 * time.Hour})
	_, err := read(t.Context(), c.open(t), "conversations", day)
	wantCode(t, err, "TL4120", pipeline.Upstream)
	if !strings.Contains(err.Error(), "only up to 2026-11-19T22:00:00Z") {
		t.Errorf("%v does not say how far the data go", err)
	}
	if c.count("POST /api/v2/analytics/conversations/details/jobs") != 0 {
		t.Error("a job was submitted although its data were not complete")
	}

	_, err = read(t.Context(), c.open(t, func(c *genesys.Config) { c.AvailabilityWait = 20 * time.Millisecond }), "conversations", day)
	wantCode(t, err, "TL4120", pipeline.Upstream)

	patient := newCentre(t, w, genesysapi.Options{Now: clock(30 * time.Hour)})
	patient.fault = func(w http.ResponseWriter, r *http.Request, n int64) bool {
		late := strings.HasSuffix(r.URL.Path, "/availability") && n < 3
		if late {
			_, _ = io.WriteString(w, `{"dataAvailabilityDate":"2026-11-19T22:00:00.000Z"}`)
		}
		return late
	}
	x := patient.open(t, func(c *genesys.Config) { c.AvailabilityWait = time.Minute })
	mustRead(t, x, day, w.ids(day, midnight.Add(30*time.Hour)))
}

func TestAPageBehindTheWindowIsNotTaken(t *testing.T) {
	w := newWorld(midnight, 40, 20*time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(30 * time.Hour), Lag: 8 * time.Hour})
	c.fault = func(w http.ResponseWriter, r *http.Request, _ int64) bool {
		lies := strings.HasSuffix(r.URL.Path, "/availability")
		if lies {
			_, _ = io.WriteString(w, `{"dataAvailabilityDate":"2026-11-21T00:00:00.000Z"}`)
		}
		return lies
	}
	_, err := read(t.Context(), c.open(t), "conversations", day)
	wantCode(t, err, "TL4130", pipeline.Upstream)
}

func TestJobsThatGoWrong(t *testing.T) {
	w := newWorld(midnight, 200, 7*time.Minute)
	want := w.ids(day, midnight.Add(48*time.Hour))
	for name, faults := range map[string]genesysapi.JobFaults{
		"one fails":            {Fail: []int{2}},
		"one expires mid-way":  {Expire: map[int]int{1: 2}},
		"all expire once":      {Expire: map[int]int{1: 1, 2: 1, 3: 1, 4: 1}},
		"fails, then expires":  {Fail: []int{1}, Expire: map[int]int{5: 1}},
		"one expires at once ": {Expire: map[int]int{3: 0}},
	} {
		t.Run(name, func(t *testing.T) {
			x := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour), Jobs: faults}).open(t)
			mustRead(t, x, day, want)
		})
	}
	t.Run("all fail", func(t *testing.T) {
		var all []int
		for i := range 100 {
			all = append(all, i+1)
		}
		c := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour), Jobs: genesysapi.JobFaults{Fail: all}})
		_, err := read(t.Context(), c.open(t), "conversations", day)
		wantCode(t, err, "TL4130", pipeline.Upstream)
		if !strings.Contains(err.Error(), "The job could not be completed") {
			t.Errorf("%v does not say why", err)
		}
	})
}

func TestAJobIsPolledUntilItIsDone(t *testing.T) {
	w := newWorld(midnight, 30, 20*time.Minute)
	began := time.Now()
	now := func() time.Time { return midnight.Add(48 * time.Hour).Add(time.Since(began)) }
	c := newCentre(t, w, genesysapi.Options{Now: now, JobDelay: 100 * time.Millisecond})
	mustRead(t, c.open(t), day, w.ids(day, midnight.Add(48*time.Hour)))
}

// resumeWith reads a few pages, does something to the service, and goes on from the last cursor with another extractor.
func resumeWith(t *testing.T, c *centre, pages int, meanwhile func()) map[string]bool {
	t.Helper()
	got, last := map[string]bool{}, ""
	enough := errors.New("enough")
	keep := func(page []pipeline.Record, next string) error {
		for _, r := range page {
			got[r.Key] = true
		}
		if pages--; last == "" || pages >= 0 {
			last = next
		}
		if pages == 0 {
			return enough
		}
		return nil
	}
	if err := c.open(t).Resume(t.Context(), "conversations", day, "", keep); !errors.Is(err, enough) {
		t.Fatal(err)
	}
	meanwhile()
	if err := c.open(t).Resume(t.Context(), "conversations", day, last, keep); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestResumeGoesOnPagingTheSameJobs(t *testing.T) {
	w := newWorld(midnight, 300, 4*time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour)})
	const submit = "POST /api/v2/analytics/conversations/details/jobs"
	var before int64
	got := resumeWith(t, c, 20, func() { before = c.count(submit) })
	if want := len(w.ids(day, midnight.Add(48*time.Hour))); len(got) != want {
		t.Errorf("%d conversations, want %d", len(got), want)
	}
	if n := c.count(submit); n != before || n < 2 {
		t.Errorf("%d jobs were submitted, %d of them before the interruption", n, before)
	}
}

func TestResumeWithoutTheJobsBeginsAgain(t *testing.T) {
	w := newWorld(midnight, 300, 4*time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour)})
	got := resumeWith(t, c, 20, func() { c.restart(genesysapi.New(w, genesysapi.Options{Now: clock(48 * time.Hour)})) })
	if want := len(w.ids(day, midnight.Add(48*time.Hour))); len(got) != want {
		t.Errorf("%d conversations, want %d", len(got), want)
	}
}

func TestFaultsOnTheWayChangeNothing(t *testing.T) {
	w := newWorld(midnight, 100, 10*time.Minute)
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request, *centre){
		"token revoked": func(w http.ResponseWriter, r *http.Request, c *centre) {
			c.revoked.Do(c.api.RevokeTokens)
			c.api.ServeHTTP(w, r)
		},
		"429 with Retry-After": func(w http.ResponseWriter, _ *http.Request, _ *centre) {
			w.Header().Set("Retry-After", "0")
			genesysapi.WriteError(w, 429, "too.many.requests", "Rate limit exceeded the maximum [300] requests within [60] seconds")
		},
		"HTML of a gateway": func(w http.ResponseWriter, _ *http.Request, _ *centre) {
			w.Header().Set("Retry-After", "0")
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html>502</html>")
		},
		"the connection breaks": func(w http.ResponseWriter, _ *http.Request, _ *centre) {
			w.Header().Set("Content-Length", "9999")
			_, _ = io.WriteString(w, `{"conversations":[{"conversationId":`)
		},
		"the page is cut": func(w http.ResponseWriter, _ *http.Request, _ *centre) {
			_, _ = io.WriteString(w, `{"conversations":[{"conversationId":`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour)})
			c.fault = func(w http.ResponseWriter, r *http.Request, n int64) bool {
				hit := strings.HasSuffix(r.URL.Path, "/results") && n == 2
				if hit {
					answer(w, r, c)
				}
				return hit
			}
			x := c.open(t)
			mustRead(t, x, day, w.ids(day, midnight.Add(48*time.Hour)))
			if u := x.Usage(); u.Retries == 0 || u.Calls <= u.Retries || u.Bytes == 0 {
				t.Errorf("usage %+v", u)
			}
		})
	}
}

func TestAPageTooLargeIsHalved(t *testing.T) {
	w := newWorld(midnight, 100, 10*time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour)})
	c.fault = func(w http.ResponseWriter, r *http.Request, _ int64) bool {
		size := r.URL.Query().Get("pageSize")
		large := strings.HasSuffix(r.URL.Path, "/results") && size != "2" && size != "1"
		if large {
			genesysapi.WriteError(w, 400, "response.entity.too.large", "The response is over the size limit")
		}
		return large
	}
	mustRead(t, c.open(t), day, w.ids(day, midnight.Add(48*time.Hour)))
}

func TestLongWindowsAreCutIntoWeeks(t *testing.T) {
	month := pipeline.Window{From: midnight.Add(-70 * 24 * time.Hour), To: midnight}
	w := newWorld(month.From, 400, 2*time.Hour)
	c := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour)})
	mustRead(t, c.open(t), month, w.ids(month, midnight.Add(48*time.Hour)))
	if n := c.count("POST /api/v2/analytics/conversations/details/jobs"); n < 10 {
		t.Errorf("%d jobs for 70 days, want at least 10", n)
	}
}

func TestAConversationOfTheWindowComesOnce(t *testing.T) {
	w := newWorld(midnight.Add(-24*time.Hour), 400, 7*time.Minute)
	x := newCentre(t, w, genesysapi.Options{Now: clock(72 * time.Hour)}).open(t)
	times := map[string]int{}
	err := x.Extract(t.Context(), "conversations", day, func(page []pipeline.Record) error {
		for _, r := range page {
			if !r.At.Before(day.From) {
				times[r.Key]++
			}
		}
		return nil
	})
	if err != nil || len(times) < 100 {
		t.Fatalf("%d conversations, %v", len(times), err)
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
}

func TestBadWindowsAreMisuse(t *testing.T) {
	x := newCentre(t, nil, genesysapi.Options{}).open(t, func(c *genesys.Config) { c.Aggregates = true })
	for _, stream := range []string{"conversations", "aggregates"} {
		for _, w := range []pipeline.Window{{}, {To: day.To}, {From: day.To, To: day.From}, {From: day.From, To: day.From}} {
			_, err := read(t.Context(), x, stream, w)
			wantCode(t, err, "TL4100", pipeline.Misuse)
		}
	}
}

func TestUsersWhoLeftAreRead(t *testing.T) {
	x := newCentre(t, nil, genesysapi.Options{}).open(t)
	got, err := read(t.Context(), x, "users", day)
	if err != nil || !bytes.Contains(got["u2"].Body, []byte(`"state":"deleted"`)) {
		t.Errorf("%d users, u2 is %s, %v", len(got), got["u2"].Body, err)
	}
}

func TestAggregatesAreOneRecordAGroupAndHour(t *testing.T) {
	w := newWorld(midnight, 4, 40*time.Minute)
	x := newCentre(t, w, genesysapi.Options{Now: clock(48 * time.Hour)}).open(t, func(c *genesys.Config) { c.Aggregates = true })
	got, err := read(t.Context(), x, "aggregates", day)
	if err != nil {
		t.Fatal(err)
	}
	const key = "2026-11-19T00:00:00.000Z/2026-11-19T01:00:00.000Z|q1|voice"
	r, ok := got[key]
	if !ok || !r.At.Equal(midnight) || !bytes.Contains(r.Body, []byte(`{"group":{"`)) || !bytes.Contains(r.Body, []byte(`"count":2`)) {
		t.Errorf("%d records; %s is %s at %s", len(got), key, r.Body, r.At)
	}
}

// A slow answer about the busy hours must not cut a day into more jobs than its pages need, once it is known how long those take.
func TestPagesTellHowManyJobsAreReadAtOnce(t *testing.T) {
	c := newCentre(t, newWorld(midnight.AddDate(0, 0, -1), 480, 6*time.Minute), genesysapi.Options{Now: clock(48 * time.Hour)})
	c.fault = func(w http.ResponseWriter, r *http.Request, _ int64) bool {
		var query struct{ Interval string }
		if !strings.HasSuffix(r.URL.Path, "/aggregates/query") || json.NewDecoder(r.Body).Decode(&query) != nil {
			return false
		}
		time.Sleep(400 * time.Millisecond)
		from, _, _ := strings.Cut(query.Interval, "/")
		at, err := time.Parse(time.RFC3339, from)
		if err != nil {
			t.Error(err)
		}
		var hours []string
		for h := range 24 {
			hours = append(hours, fmt.Sprintf(`{"interval":"%s/","metrics":[{"stats":{"count":100}}]}`, at.Add(time.Duration(h)*time.Hour).Format(time.RFC3339)))
		}
		_, err = fmt.Fprintf(w, `{"results":[{"data":[%s]}]}`, strings.Join(hours, ","))
		return err == nil
	}
	x := c.open(t, func(c *genesys.Config) { c.RequestsPerMinute = 1200 })
	const jobs = "POST /api/v2/analytics/conversations/details/jobs"
	var submitted [2]int64
	for i := range submitted {
		from := midnight.AddDate(0, 0, i-1)
		if _, err := read(t.Context(), x, "conversations", pipeline.Window{From: from, To: from.AddDate(0, 0, 1)}); err != nil {
			t.Fatal(err)
		}
		submitted[i] = c.count(jobs)
	}
	if first, second := submitted[0], submitted[1]-submitted[0]; first != 8 || second > 4 {
		t.Errorf("%d jobs before a page was read, then %d, want 8 and at most 4", first, second)
	}
}
