package genesysapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim/genesysapi"
)

func (d *desk) query(body string) pageOf {
	d.t.Helper()
	var p pageOf
	d.post(details+"/query", body).into(d.t, &p)
	return p
}

// pages gives the ids of all pages of a query, as a client does that stops at the first empty one.
func (d *desk) pages(interval, more string, size int) (ids []string, totals []int) {
	d.t.Helper()
	for n := 1; ; n++ {
		p := d.query(fmt.Sprintf(`{"interval":%q,"paging":{"pageSize":%d,"pageNumber":%d}%s}`, interval, size, n, more))
		if p.Conversations == nil {
			return ids, totals
		}
		ids, totals = append(ids, p.ids()...), append(totals, *p.Total)
	}
}

func TestQueryTouchesDays(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	w := world{talks: []talk{
		{id: "the day before", start: at(16, 23), end: at(17, 12)},
		{id: "before the hour", start: at(17, 8), end: at(17, 9)},
		{id: "after the hour", start: at(17, 20), end: at(17, 21)},
		{id: "the next day", start: at(18, 0), end: at(18, 1)},
	}}
	d := serve(t, w, genesysapi.Options{})
	for interval, want := range map[string]string{
		"2026-11-17T11:00Z/2026-11-17T12:00Z":           "before the hour, after the hour",
		"2026-11-17T11:00:00+00:00/2026-11-18T00:00Z":   "before the hour, after the hour",
		"2026-11-17T11:00Z/2026-11-18T00:00:00.001Z":    "before the hour, after the hour, the next day",
		"2026-11-16T23:30:00Z/2026-11-17T00:00:00.000Z": "the day before",
		"2026-11-01T00:00Z/2026-11-02T00:00Z":           "",
	} {
		if got := strings.Join(d.query(`{"interval":"`+interval+`"}`).ids(), ", "); got != want {
			t.Errorf("%s: %s", interval, got)
		}
	}
}

func TestQueryHasNoAttributes(t *testing.T) {
	talks := day(1)
	talks[0].attributes = map[string]string{"sfAccountId": "001"}
	d := serve(t, world{talks: talks}, genesysapi.Options{})
	for _, got := range []reply{
		d.post(details+"/query", `{`+yesterday+`}`), d.get(details + "?id=c0000"), d.get("/api/v2/analytics/conversations/c0000/details"),
	} {
		if got.status != http.StatusOK || strings.Contains(string(got.body), "attributes") || !strings.Contains(string(got.body), "c0000") {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if got := d.get("/api/v2/conversations/c0000"); !strings.Contains(string(got.body), `"attributes"`) {
		t.Errorf("the conversation service: %s", got.body)
	}
}

func TestQueryOfNothingHasNoConversations(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{})
	if got := d.post(details+"/query", `{`+yesterday+`}`); string(got.body) != `{"totalHits":0}` {
		t.Errorf("%s", got.body)
	}
	if got := d.get(details + "?id=a,b"); string(got.body) != `{}` {
		t.Errorf("%s", got.body)
	}
}

func TestQueryPagesOfWhatIsSettled(t *testing.T) {
	talks := day(250)
	d := serve(t, world{talks: talks}, genesysapi.Options{})
	ids, totals := d.pages("2026-11-18T00:00Z/2026-11-19T00:00Z", "", 100)
	if len(ids) != 250 || !slices.IsSorted(ids) {
		t.Errorf("%d ids, sorted: %t", len(ids), slices.IsSorted(ids))
	}
	if !slices.Equal(totals, []int{250, 250, 250}) {
		t.Errorf("totals %v", totals)
	}
	down, _ := d.pages("2026-11-18T00:00Z/2026-11-19T00:00Z", `,"order":"desc"`, 100)
	slices.Reverse(down)
	if !slices.Equal(ids, down) {
		t.Error("descending is not the reverse of ascending")
	}
	if p := d.query(`{` + yesterday + `}`); len(p.ids()) != 25 {
		t.Errorf("a page of %d by default", len(p.ids()))
	}
}

// A client that believes in pages of what still changes gets some of it twice and some of it never; what is settled stays
// where it is.
func TestQueryDrifts(t *testing.T) {
	talks := day(60)
	var open []string
	for i := range talks {
		if i%3 == 0 {
			talks[i].end = time.Time{}
			open = append(open, talks[i].id)
		}
	}
	d := serve(t, world{talks: talks}, genesysapi.Options{})
	const interval = "2026-11-18T00:00Z/2026-11-19T00:00Z"
	ids, totals := d.pages(interval, "", 10)
	if len(ids) != 60 {
		t.Errorf("%d places", len(ids))
	}
	if slices.Max(totals) == slices.Min(totals) {
		t.Errorf("totals do not drift: %v", totals)
	}
	seen := map[string]int{}
	for _, id := range ids {
		seen[id]++
	}
	twice, never := 0, 0
	for _, c := range talks {
		n := seen[c.id]
		if live := slices.Contains(open, c.id); !live && n != 1 {
			t.Errorf("%s is settled and came %d times", c.id, n)
		}
		if n > 1 {
			twice++
		}
		if n == 0 {
			never++
		}
	}
	if twice == 0 || never == 0 {
		t.Errorf("%d came twice, %d never", twice, never)
	}
	again, _ := d.pages(interval, "", 10)
	if !slices.Equal(ids, again) {
		t.Error("the drift is not the same in every run")
	}
	const ended = `,"conversationFilters":[{"type":"and","predicates":[{"type":"dimension","dimension":"conversationEnd","operator":"exists"}]}]`
	ids, _ = d.pages(interval, ended, 10)
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 40 {
		t.Errorf("of those that ended, %d", len(ids))
	}
}

func TestQueryIsLive(t *testing.T) {
	now := noon
	d := serve(t, world{talks: []talk{{id: "x", start: noon.Add(-time.Minute), end: noon.Add(time.Minute)}}},
		genesysapi.Options{Lag: 5 * time.Hour, Now: func() time.Time { return now }})
	const today = `{"interval":"2026-11-19T00:00Z/2026-11-20T00:00Z"}`
	if p := d.query(today); len(p.ids()) != 1 || (*p.Conversations)[0].End != nil {
		t.Errorf("now: %v", p.ids())
	}
	now = now.Add(2 * time.Minute)
	if p := d.query(today); (*p.Conversations)[0].End == nil {
		t.Error("it should have ended")
	}
}

func TestQueryFilters(t *testing.T) {
	talks := day(4)
	talks[0].queue, talks[1].media, talks[2].end = "q2", "chat", time.Time{}
	d := serve(t, world{talks: talks}, genesysapi.Options{})
	for filter, want := range map[string]string{
		`"segmentFilters":[{"type":"and","predicates":[{"dimension":"queueId","value":"q1"}]}]`:                                          "c0001 c0002 c0003",
		`"segmentFilters":[{"type":"and","predicates":[{"dimension":"queueId","value":"q1"},{"dimension":"mediaType","value":"chat"}]}]`: "c0001",
		`"segmentFilters":[{"type":"or","predicates":[{"dimension":"queueId","value":"q2"},{"dimension":"mediaType","value":"chat"}]}]`:  "c0000 c0001",
		`"segmentFilters":[{"type":"and","clauses":[{"type":"or","predicates":[{"dimension":"queueId","operator":"notExists"}]}]}]`:      "",
		`"conversationFilters":[{"type":"and","predicates":[{"dimension":"conversationEnd","operator":"notExists"}]}]`:                   "c0002",
		`"conversationFilters":[{"type":"or","predicates":[{"dimension":"conversationId","value":"c0003"}]}],"segmentFilters":[]`:        "c0003",
	} {
		if got := strings.Join(d.query(`{`+yesterday+`,`+filter+`}`).ids(), " "); got != want {
			t.Errorf("%s: %s", filter, got)
		}
	}
}

func TestQueryRefusals(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{})
	for name, c := range map[string]struct{ body, code string }{
		"a large page":  {`{` + yesterday + `,"paging":{"pageSize":101,"pageNumber":1}}`, "constraint.validation"},
		"page 0":        {`{` + yesterday + `,"paging":{"pageSize":100,"pageNumber":0}}`, "constraint.validation"},
		"far away":      {`{` + yesterday + `,"paging":{"pageSize":100,"pageNumber":1001}}`, "bad.request"},
		"32 days":       {`{"interval":"2026-10-18T00:00Z/2026-11-19T00:00Z"}`, "bad.request"},
		"aggregations":  {`{` + yesterday + `,"aggregations":[{"type":"termFrequency"}]}`, "constraint.validation"},
		"by segments":   {`{` + yesterday + `,"orderBy":"segmentEnd"}`, "constraint.validation"},
		"strange order": {`{` + yesterday + `,"order":"up"}`, "constraint.validation"},
	} {
		t.Run(name, func(t *testing.T) { d.post(details+"/query", c.body).failed(t, http.StatusBadRequest, c.code) })
	}
	crowd := day(100_001)
	for i := range crowd {
		crowd[i].start = crowd[0].start
	}
	serve(t, world{talks: crowd}, genesysapi.Options{}).post(details+"/query", `{`+yesterday+`}`).failed(t, http.StatusBadRequest, "bad.request")
}
