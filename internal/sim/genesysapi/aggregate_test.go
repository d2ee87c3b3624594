package genesysapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sim/genesysapi"
	"trunkline/internal/sim/scenario"
)

const aggregates = "/api/v2/analytics/conversations/aggregates/query"

// offered is a call that was offered at half past seven less two minutes and answered two minutes after it.
func offered() world {
	at := time.Date(2026, 11, 18, 7, 28, 0, 0, time.UTC)
	metric := func(name string, value int64, after time.Duration) scenario.Metric {
		return scenario.Metric{Name: name, Value: value, Emit: at.Add(after), QueueID: "q1", MediaType: "voice"}
	}
	quick := scenario.Metric{Name: "tAnswered", Value: 5000, Emit: at.Add(3 * time.Minute), QueueID: "q2", MediaType: "chat"}
	return world{talks: []talk{
		{id: "a", start: at, end: at.Add(10 * time.Minute), evaluated: at.AddDate(0, 0, 1), metrics: []scenario.Metric{
			metric("nOffered", 1, 0), metric("tAnswered", 240_000, 4*time.Minute), metric("nOverSla", 1, 4*time.Minute),
			metric("tHandle", 360_000, 10*time.Minute),
			{Name: "nConnected", Value: 1, Emit: at, MediaType: "voice"},
		}},
		{id: "b", start: at, end: at.Add(5 * time.Minute), metrics: []scenario.Metric{
			metric("nOffered", 1, time.Minute), metric("tAbandon", 60_000, 2*time.Minute), quick,
		}},
	}}
}

// flat gives aggregates as lines.
func flat(t *testing.T, r reply) []string {
	t.Helper()
	var answer struct {
		Results []struct {
			Group map[string]string
			Data  []struct {
				Interval string
				Metrics  []struct {
					Metric string
					Stats  map[string]float64
				}
			}
		}
	}
	r.into(t, &answer)
	lines := []string{}
	for _, g := range answer.Results {
		for _, d := range g.Data {
			for _, m := range d.Metrics {
				from, _, _ := strings.Cut(d.Interval, "/")
				line := []string{g.Group["queueId"], g.Group["mediaType"], g.Group["conversationId"], from[11:16], m.Metric, cell(m.Stats)}
				lines = append(lines, strings.Join(strings.Fields(strings.Join(line, " ")), " "))
			}
		}
	}
	return lines
}

func cell(stats map[string]float64) string {
	var parts []string
	for _, name := range []string{"count", "sum", "min", "max", "numerator", "denominator", "ratio", "target"} {
		if v, ok := stats[name]; ok {
			parts = append(parts, name+"="+strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
	return strings.Join(parts, " ")
}

func TestAggregatesAreCountedWhenEmitted(t *testing.T) {
	d := serve(t, offered(), genesysapi.Options{})
	got := flat(t, d.post(aggregates, `{"interval":"2026-11-18T07:00Z/2026-11-18T08:00Z","granularity":"PT30M","groupBy":["queueId","mediaType"],
		"metrics":["nOffered","tAnswered","tAbandon","tWait","oServiceLevel"]}`))
	want := []string{
		"q1 voice 07:00 nOffered count=2",
		"q1 voice 07:30 tAnswered count=1 sum=240000 min=240000 max=240000",
		"q1 voice 07:30 tAbandon count=1 sum=60000 min=60000 max=60000",
		"q1 voice 07:30 tWait count=2 sum=300000 min=60000 max=240000",
		"q1 voice 07:30 oServiceLevel numerator=0 denominator=2 ratio=0 target=0.8",
		"q2 chat 07:30 tAnswered count=1 sum=5000 min=5000 max=5000",
		"q2 chat 07:30 tWait count=1 sum=5000 min=5000 max=5000",
		"q2 chat 07:30 oServiceLevel numerator=1 denominator=1 ratio=1 target=0.8",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAggregateGroups(t *testing.T) {
	d := serve(t, offered(), genesysapi.Options{})
	const span = `"interval":"2026-11-18T00:00Z/2026-11-19T00:00Z"`
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"no group": {`{` + span + `,"metrics":["nOffered","nConnected"]}`, []string{"00:00 nOffered count=2", "00:00 nConnected count=1"}},
		"no queue": {`{` + span + `,"metrics":["nConnected"],"groupBy":["queueId"]}`, []string{"00:00 nConnected count=1"}},
		"filter": {
			`{` + span + `,"metrics":["tAnswered"],"filter":{"type":"and","clauses":[{"type":"or","predicates":[{"dimension":"queueId","value":"q2"}]}]}}`,
			[]string{"00:00 tAnswered count=1 sum=5000 min=5000 max=5000"},
		},
		"days of a time zone": {
			`{"interval":"2026-11-17T23:00Z/2026-11-18T23:00Z","timeZone":"Europe/Berlin","granularity":"P1D","metrics":["nOffered"]}`, []string{"23:00 nOffered count=2"},
		},
		"nothing": {`{"interval":"2026-11-12T00:00Z/2026-11-13T00:00Z","metrics":["nOffered"]}`, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, flat(t, d.post(aggregates, c.body))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAggregatesEndWithTheLake(t *testing.T) {
	d := serve(t, offered(), genesysapi.Options{Lag: 4 * time.Hour, Now: func() time.Time { return time.Date(2026, 11, 18, 11, 31, 0, 0, time.UTC) }})
	got := flat(t, d.post(aggregates, `{"interval":"2026-11-18T00:00Z/2026-11-19T00:00Z","metrics":["nOffered","tAnswered"],"groupBy":["queueId"]}`))
	want := []string{"q1 00:00 nOffered count=2", "q2 00:00 tAnswered count=1 sum=5000 min=5000 max=5000"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestScoresByTheirTime(t *testing.T) {
	d := serve(t, offered(), genesysapi.Options{})
	const span = `"interval":"2026-11-19T07:00Z/2026-11-19T08:00Z","alternateTimeDimension":"eventTime","groupBy":["conversationId"]`
	got := flat(t, d.post("/api/v2/analytics/evaluations/aggregates/query", `{`+span+`,"metrics":["nEvaluations","nEvaluationsDeleted","nEvaluationsRescored","oTotalScore"]}`))
	want := []string{"a 07:00 nEvaluations count=1", "a 07:00 nEvaluationsRescored count=1", "a 07:00 oTotalScore count=1 sum=80 min=80 max=80"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = flat(t, d.post("/api/v2/analytics/surveys/aggregates/query", `{`+span+`,"metrics":["nSurveyResponses","nSurveyNpsPromoters","nSurveyNpsDetractors"]}`))
	if diff := cmp.Diff([]string{"a 07:00 nSurveyResponses count=1", "a 07:00 nSurveyNpsPromoters count=1"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAggregateRefusals(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{})
	for name, c := range map[string]struct{ body, code string }{
		"no metrics":           {`{` + yesterday + `}`, "constraint.validation"},
		"an unknown metric":    {`{` + yesterday + `,"metrics":["tSomething"]}`, "constraint.validation"},
		"an unknown dimension": {`{` + yesterday + `,"metrics":["nOffered"],"groupBy":["wrapUpCode"]}`, "constraint.validation"},
		"another granularity":  {`{` + yesterday + `,"metrics":["nOffered"],"granularity":"PT7M"}`, "constraint.validation"},
		"an unknown time zone": {`{` + yesterday + `,"metrics":["nOffered"],"timeZone":"Mars/Olympus"}`, "constraint.validation"},
		"views":                {`{` + yesterday + `,"metrics":["nOffered"],"views":[{}]}`, "constraint.validation"},
		"another time":         {`{` + yesterday + `,"metrics":["nOffered"],"alternateTimeDimension":"conversationStart"}`, "constraint.validation"},
		"a filter elsewhere":   {`{` + yesterday + `,"metrics":["nOffered"],"filter":{"type":"and","predicates":[{"dimension":"ani","value":"x"}]}}`, "constraint.validation"},
		"too many intervals":   {`{"interval":"2020-01-01T00:00Z/2026-11-19T00:00Z","metrics":["nOffered"],"granularity":"PT30M"}`, "bad.request"},
	} {
		t.Run(name, func(t *testing.T) { d.post(aggregates, c.body).failed(t, http.StatusBadRequest, c.code) })
	}
}
