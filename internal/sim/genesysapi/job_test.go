package genesysapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim/genesysapi"
)

const yesterday = `"interval":"2026-11-18T00:00:00.000Z/2026-11-19T00:00:00.000Z"`

func (d *desk) submit(body string) string {
	d.t.Helper()
	got := d.post(details+"/jobs", body)
	if got.status != http.StatusAccepted {
		d.t.Fatalf("submit: %d %s", got.status, got.body)
	}
	var answer struct{ JobID string }
	got.into(d.t, &answer)
	return answer.JobID
}

func (d *desk) results(job, cursor string, size int) pageOf {
	d.t.Helper()
	path := fmt.Sprintf("%s/jobs/%s/results?pageSize=%d", details, job, size)
	if cursor != "" {
		path += "&cursor=" + cursor
	}
	var p pageOf
	d.get(path).into(d.t, &p)
	return p
}

// job submits a job and gives the ids of all its pages.
func (d *desk) job(body string, size int) []string {
	d.t.Helper()
	id, cursor, ids := d.submit(body), "", []string{}
	for range 1000 {
		p := d.results(id, cursor, size)
		ids = append(ids, p.ids()...)
		if p.Cursor == nil {
			return ids
		}
		if n := len(p.ids()); n != size {
			d.t.Errorf("a page of %d with a cursor", n)
		}
		cursor = *p.Cursor
	}
	d.t.Fatal("the pages do not end")
	return nil
}

func (d *desk) state(job string) (state string, status int) {
	d.t.Helper()
	got := d.get(details + "/jobs/" + job)
	var answer struct{ State, ErrorMessage string }
	got.into(d.t, &answer)
	if (answer.State == "FAILED") != (answer.ErrorMessage != "") {
		d.t.Errorf("%s with the message %q", answer.State, answer.ErrorMessage)
	}
	return answer.State, got.status
}

func TestJobGoesThroughItsStates(t *testing.T) {
	now, wall := noon, noon
	d := serve(t, world{talks: day(3)}, genesysapi.Options{
		JobDelay: 3 * time.Second, Now: func() time.Time { return now }, Wall: func() time.Time { return wall },
	})
	id := d.submit(`{` + yesterday + `}`)
	check := func(want string, status int) {
		t.Helper()
		if state, got := d.state(id); state != want || got != status {
			t.Errorf("after %s: %d %s, want %d %s", wall.Sub(noon), got, state, status, want)
		}
	}
	check("QUEUED", http.StatusAccepted)
	wall = wall.Add(2 * time.Second)
	check("PENDING", http.StatusAccepted)
	d.get(details+"/jobs/"+id+"/results").failed(t, http.StatusBadRequest, "bad.request")
	wall = wall.Add(time.Second)
	check("FULFILLED", http.StatusOK)
	now = now.Add(24 * time.Hour)
	check("EXPIRED", http.StatusOK)
	d.get(details+"/jobs/"+id+"/results").failed(t, http.StatusNotFound, "not.found")
}

func TestJobThatIsCancelledOrUnknown(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{})
	id := d.submit(`{` + yesterday + `}`)
	if got := d.send(http.MethodDelete, details+"/jobs/"+id, ""); got.status != http.StatusNoContent || len(got.body) > 0 {
		t.Errorf("cancel: %d %s", got.status, got.body)
	}
	if state, _ := d.state(id); state != "CANCELLED" {
		t.Errorf("state %s", state)
	}
	d.get(details+"/jobs/nothing").failed(t, http.StatusNotFound, "not.found")
	d.get(details+"/jobs/nothing/results").failed(t, http.StatusNotFound, "not.found")
}

func TestJobFaults(t *testing.T) {
	d := serve(t, world{talks: day(30)}, genesysapi.Options{Jobs: genesysapi.JobFaults{Fail: []int{1}, Expire: map[int]int{2: 1}}})
	first, second, third := d.submit(`{`+yesterday+`}`), d.submit(`{`+yesterday+`}`), d.submit(`{`+yesterday+`}`)
	if state, _ := d.state(first); state != "FAILED" {
		t.Errorf("first: %s", state)
	}
	p := d.results(second, "", 10)
	d.get(details+"/jobs/"+second+"/results?pageSize=10&cursor="+*p.Cursor).failed(t, http.StatusNotFound, "not.found")
	if state, _ := d.state(second); state != "EXPIRED" {
		t.Errorf("second: %s", state)
	}
	if state, _ := d.state(third); state != "FULFILLED" {
		t.Errorf("third: %s", state)
	}
}

func TestJobPages(t *testing.T) {
	talks := day(25)
	for i := 7; i < 12; i++ { // some begin at the same moment
		talks[i].start = talks[7].start
	}
	d := serve(t, world{talks: talks}, genesysapi.Options{})
	var want []string
	for _, c := range talks {
		want = append(want, c.id)
	}
	for _, size := range []int{1, 3, 8, 25, 10_000} {
		if got := d.job(`{`+yesterday+`}`, size); !slices.Equal(got, want) {
			t.Errorf("pages of %d: %v", size, got)
		}
	}
	if got := d.job(`{`+yesterday+`,"limit":5}`, 2); !slices.Equal(got, want[:5]) {
		t.Errorf("limit: %v", got)
	}
	id, other := d.submit(`{`+yesterday+`}`), d.submit(`{`+yesterday+`}`)
	p := d.results(id, "", 10)
	if p.Available != "2026-11-19T12:00:00.000Z" {
		t.Errorf("dataAvailabilityDate %s", p.Available)
	}
	path := details + "/jobs/" + other + "/results"
	d.get(path+"?cursor="+*p.Cursor).failed(t, http.StatusBadRequest, "invalid.query.param.value")
	d.get(path+"?cursor=rubbish").failed(t, http.StatusBadRequest, "invalid.query.param.value")
	d.get(path+"?pageSize=10001").failed(t, http.StatusBadRequest, "constraint.validation")
	d.get(path+"?pageSize=many").failed(t, http.StatusBadRequest, "invalid.query.param.value")
	if got := d.get(path + "?pageSize=10"); !strings.Contains(string(got.body), `"cursor"`) {
		t.Errorf("no cursor in %s", got.body)
	}
}

func TestJobMatchesLives(t *testing.T) {
	at := func(hours float64) time.Time {
		return time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours * float64(time.Hour)))
	}
	talks := []talk{
		{id: "ended before", start: at(-30), end: at(-25)},
		{id: "over midnight", start: at(-1), end: at(1)},
		{id: "of the morning", start: at(8), end: at(9)},
		{id: "across the interval", start: at(11), end: at(14)},
		{id: "open", start: at(12.5)},
		{id: "after it", start: at(13), end: at(13.5)},
	}
	d := serve(t, world{talks: talks}, genesysapi.Options{})
	for _, c := range []struct{ interval, more, want string }{
		{"2026-11-18T00:00Z/2026-11-18T13:00Z", "", "over midnight, of the morning, across the interval, open"},
		{"2026-11-18T00:00Z/2026-11-18T13:00Z", `,"startOfDayIntervalMatching":true`, "of the morning, across the interval, open"},
		{"2026-11-18T12:00Z/2026-11-18T13:00Z", "", "across the interval, open"},
		{"2026-11-18T12:00Z/2026-11-18T13:00Z", `,"startOfDayIntervalMatching":true`, "across the interval, open"},
		{"2026-11-20T12:00Z/2026-11-20T13:00Z", "", "open"},
		{"2026-11-01T12:00Z/2026-11-02T13:00Z", "", ""},
	} {
		got := strings.Join(d.job(`{"interval":"`+c.interval+`"`+c.more+`}`, 2), ", ")
		if got != c.want {
			t.Errorf("%s%s: %s", c.interval, c.more, got)
		}
	}
}

func TestJobSeesTheLakeOfItsSubmission(t *testing.T) {
	now := noon
	begin := noon.Add(-3 * time.Hour)
	d := serve(t, world{talks: []talk{{id: "long", start: begin, end: begin.Add(90 * time.Minute)}, {id: "late", start: begin.Add(80 * time.Minute)}}},
		genesysapi.Options{Lag: 2 * time.Hour, Now: func() time.Time { return now }})
	var lake struct{ DataAvailabilityDate string }
	d.get(details+"/jobs/availability").into(t, &lake)
	if lake.DataAvailabilityDate != "2026-11-19T10:00:00.000Z" {
		t.Errorf("available to %s", lake.DataAvailabilityDate)
	}
	id := d.submit(`{"interval":"2026-11-19T00:00Z/2026-11-20T00:00Z"}`)
	now = now.Add(time.Hour)
	p := d.results(id, "", 10)
	if got := p.ids(); !slices.Equal(got, []string{"long"}) || (*p.Conversations)[0].End != nil {
		t.Errorf("the lake shows %v, ended %v", got, (*p.Conversations)[0].End)
	}
	p = d.results(d.submit(`{"interval":"2026-11-19T00:00Z/2026-11-20T00:00Z"}`), "", 10)
	if got := p.ids(); !slices.Equal(got, []string{"long", "late"}) || (*p.Conversations)[0].End == nil {
		t.Errorf("an hour later the lake shows %v", got)
	}
}

func TestJobCutsAttributes(t *testing.T) {
	long := strings.Repeat("ä", 1500)
	talks := day(1)
	talks[0].attributes = map[string]string{"short": "x", "long": long, long: "y"}
	d := serve(t, world{talks: talks}, genesysapi.Options{})
	p := d.results(d.submit(`{`+yesterday+`}`), "", 10)
	got := (*p.Conversations)[0].Participants[0].Attributes
	if len(got) != 3 || got["short"] != "x" || got["long"] != long[:2048] || got[long[:2048]] != "y" {
		t.Errorf("attributes %.200v", got)
	}
}

func TestJobRefusals(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{})
	for name, c := range map[string]struct{ body, code string }{
		"no interval":          {`{}`, "constraint.validation"},
		"no dates":             {`{"interval":"yesterday"}`, "invalid.date"},
		"a malformed date":     {`{"interval":"2026-11-18T00:00Z/2026-11-1T00:00Z"}`, "invalid.date"},
		"backwards":            {`{"interval":"2026-11-19T00:00Z/2026-11-18T00:00Z"}`, "bad.request"},
		"no JSON":              {`{"interval"`, "bad.request"},
		"an unknown member":    {`{` + yesterday + `,"intreval":""}`, "invalid.property"},
		"a wrong type":         {`{"interval":7}`, "invalid.property"},
		"descending":           {`{` + yesterday + `,"order":"desc"}`, "constraint.validation"},
		"by segments":          {`{` + yesterday + `,"orderBy":"segmentStart"}`, "constraint.validation"},
		"no limit":             {`{` + yesterday + `,"limit":0}`, "constraint.validation"},
		"filter on surveys":    {`{` + yesterday + `,"surveyFilters":[{"type":"and","predicates":[]}]}`, "constraint.validation"},
		"filter of nothing":    {`{` + yesterday + `,"segmentFilters":[{"type":"and"}]}`, "constraint.validation"},
		"an unknown dimension": {`{` + yesterday + `,"segmentFilters":[{"type":"and","predicates":[{"dimension":"dnis","value":"x"}]}]}`, "constraint.validation"},
		"a dimension elsewhere": {
			`{` + yesterday + `,"conversationFilters":[{"type":"and","predicates":[{"dimension":"queueId","value":"x"}]}]}`, "constraint.validation",
		},
		"a range": {
			`{` + yesterday + `,"conversationFilters":[{"type":"and","predicates":[{"dimension":"conversationEnd","operator":"exists","range":{"gt":"x"}}]}]}`,
			"constraint.validation",
		},
	} {
		t.Run(name, func(t *testing.T) { d.post(details+"/jobs", c.body).failed(t, http.StatusBadRequest, c.code) })
	}
	d.send(http.MethodPost, details+"/jobs", `{}`, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }).
		failed(t, http.StatusUnsupportedMediaType, "unsupported.media.type")
	d.post(details+"/jobs", `{"interval":"`+strings.Repeat("x", 2<<20)+`"}`).failed(t, http.StatusRequestEntityTooLarge, "request.entity.too.large")
}

func FuzzRequests(f *testing.F) {
	for _, seed := range []string{
		`{` + yesterday + `}`, `{` + yesterday + `,"paging":{"pageSize":100,"pageNumber":2},"order":"unordered"}`, `null`, `[]`,
		`{` + yesterday + `,"segmentFilters":[{"type":"or","clauses":[{"type":"and","predicates":[{"dimension":"queueId","value":"q1"}]}]}]}`,
		`{` + yesterday + `,"metrics":["tWait","oServiceLevel"],"groupBy":["queueId"],"granularity":"P1D","timeZone":"Europe/Berlin"}`,
	} {
		for i := range 4 {
			f.Add(uint8(i), seed)
		}
	}
	paths := []string{
		details + "/jobs", details + "/query",
		"/api/v2/analytics/conversations/aggregates/query", "/api/v2/analytics/evaluations/aggregates/query",
	}
	w := world{talks: day(30)}
	f.Fuzz(func(t *testing.T, path uint8, body string) {
		d := serve(t, w, genesysapi.Options{})
		got := d.post(paths[int(path)%len(paths)], body)
		if !json.Valid(got.body) {
			t.Errorf("%d %q", got.status, got.body)
		}
		if got.status >= 500 {
			t.Errorf("%d %s", got.status, got.body)
		}
	})
}
