package genesysapi

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"

	"trunkline/internal/sim/scenario"
)

// aggregateQuery is the request of every aggregate query.
type aggregateQuery struct {
	Interval      string   `json:"interval"`
	Granularity   string   `json:"granularity"`
	TimeZone      string   `json:"timeZone"`
	GroupBy       []string `json:"groupBy"`
	Metrics       []string `json:"metrics"`
	Filter        *filter  `json:"filter"`
	Flatten       bool     `json:"flattenMultivaluedDimensions"`
	Views         []any    `json:"views"`
	TimeDimension string   `json:"alternateTimeDimension"`
}

// offer is what an aggregate query may ask for.
type offer struct {
	metrics, dimensions, times []string
}

const bucketLimit = 10_000 // the most intervals in one answer

// check refuses what is not offered and gives the intervals to be counted in.
func (q *aggregateQuery) check(o offer) ([]interval, error) {
	span, err := parseInterval(q.Interval)
	if err != nil {
		return nil, err
	}
	if len(q.Metrics) == 0 {
		return nil, beyond("metrics may not be empty")
	}
	for _, name := range q.Metrics {
		if !slices.Contains(o.metrics, name) {
			return nil, beyond("the metric %q is not supported in this query", name)
		}
	}
	for _, name := range q.GroupBy {
		if !slices.Contains(o.dimensions, name) {
			return nil, beyond("the dimension %q is not supported in groupBy", name)
		}
	}
	if len(q.Views) > 0 || q.Flatten {
		return nil, beyond("views and flattenMultivaluedDimensions are not supported here")
	}
	if !slices.Contains(o.times, q.TimeDimension) {
		return nil, beyond("alternateTimeDimension must be one of %q here", o.times)
	}
	if q.Filter != nil {
		if err := checkFilters([]filter{*q.Filter}, o.dimensions...); err != nil {
			return nil, err
		}
	}
	return q.buckets(span)
}

// buckets cuts an interval as the granularity says. Days are those of the time zone.
func (q *aggregateQuery) buckets(span interval) ([]interval, error) {
	zone, err := time.LoadLocation(cmp.Or(q.TimeZone, "UTC"))
	if err != nil || q.TimeZone == "Local" {
		return nil, beyond("the time zone %q is not known", q.TimeZone)
	}
	var next func(time.Time) time.Time
	switch q.Granularity {
	case "":
		return []interval{span}, nil
	case "PT30M":
		next = func(t time.Time) time.Time { return t.Add(30 * time.Minute) }
	case "PT1H":
		next = func(t time.Time) time.Time { return t.Add(time.Hour) }
	case "P1D":
		next = func(t time.Time) time.Time { return t.In(zone).AddDate(0, 0, 1) }
	default:
		return nil, beyond("the granularity %q is not supported here; PT30M, PT1H and P1D are", q.Granularity)
	}
	var all []interval
	for from := span.from; from.Before(span.to); from = all[len(all)-1].to {
		if len(all) == bucketLimit {
			return nil, refuse("bad.request", "The query has more than %d intervals", bucketLimit)
		}
		to := next(from)
		if to.After(span.to) {
			to = span.to
		}
		all = append(all, interval{from, to})
	}
	return all, nil
}

// observation is one value of a metric, at the moment by which it is counted.
type observation struct {
	metric    string
	value     int64
	at        time.Time
	dimension func(name string) string // "" where it has none
}

// stats sum up the values of one metric.
type stats struct {
	count, sum, min, max int64
}

func (s *stats) add(v int64) {
	if s.count == 0 {
		s.min, s.max = v, v
	}
	s.count++
	s.sum += v
	s.min, s.max = min(s.min, v), max(s.max, v)
}

// tally counts observations by group, interval and metric.
type tally struct {
	query   aggregateQuery
	buckets []interval
	groups  map[string]map[int]map[string]*stats // group: its dimensions' values, joined by NUL
}

func newTally(q aggregateQuery, buckets []interval) *tally {
	return &tally{query: q, buckets: buckets, groups: map[string]map[int]map[string]*stats{}}
}

func (t *tally) add(o observation) {
	i := sort.Search(len(t.buckets), func(i int) bool { return o.at.Before(t.buckets[i].to) })
	if i == len(t.buckets) || o.at.Before(t.buckets[i].from) {
		return
	}
	if t.query.Filter != nil && !t.query.Filter.holds(o.dimension) {
		return
	}
	values := make([]string, len(t.query.GroupBy))
	for i, name := range t.query.GroupBy {
		values[i] = o.dimension(name)
	}
	group := strings.Join(values, "\x00")
	if t.groups[group] == nil {
		t.groups[group] = map[int]map[string]*stats{}
	}
	if t.groups[group][i] == nil {
		t.groups[group][i] = map[string]*stats{}
	}
	cell := t.groups[group][i]
	if cell[o.metric] == nil {
		cell[o.metric] = &stats{}
	}
	cell[o.metric].add(o.value)
}

type (
	aggregateResults struct {
		Results []aggregateGroup `json:"results"`
	}
	aggregateGroup struct {
		Group map[string]string `json:"group"`
		Data  []aggregateData   `json:"data"`
	}
	aggregateData struct {
		Interval string            `json:"interval"`
		Metrics  []aggregateMetric `json:"metrics"`
	}
	aggregateMetric struct {
		Metric string         `json:"metric"`
		Stats  map[string]any `json:"stats"`
	}
)

// results gives the answer: groups and intervals in which something was observed.
func (t *tally) results() aggregateResults {
	out := aggregateResults{Results: []aggregateGroup{}}
	for _, key := range slices.Sorted(maps.Keys(t.groups)) {
		group := aggregateGroup{Group: map[string]string{}}
		for i, value := range strings.Split(key, "\x00") {
			if value != "" {
				group.Group[t.query.GroupBy[i]] = value
			}
		}
		for _, i := range slices.Sorted(maps.Keys(t.groups[key])) {
			data := aggregateData{Interval: t.buckets[i].String()}
			for _, name := range t.query.Metrics {
				if s := figures(name, t.groups[key][i]); s != nil {
					data.Metrics = append(data.Metrics, aggregateMetric{name, s})
				}
			}
			if len(data.Metrics) > 0 {
				group.Data = append(group.Data, data)
			}
		}
		if len(group.Data) > 0 {
			out.Results = append(out.Results, group)
		}
	}
	return out
}

// figures are the statistics of a metric in one cell; nil if there is nothing to tell. Counters tell only their count.
func figures(name string, cell map[string]*stats) map[string]any {
	if name == "oServiceLevel" {
		return level(cell)
	}
	s := cell[name]
	switch {
	case s == nil:
		return nil
	case strings.HasPrefix(name, "n"):
		return map[string]any{"count": s.sum}
	}
	return map[string]any{"count": s.count, "sum": s.sum, "min": s.min, "max": s.max}
}

// level is the service level: of those answered or abandoned, the share that was answered in time.
func level(cell map[string]*stats) map[string]any {
	of := func(name string) stats {
		if s := cell[name]; s != nil {
			return *s
		}
		return stats{}
	}
	answered, late := of("tAnswered").count, of("nOverSla").sum
	all := answered + of("tAbandon").count
	if all == 0 {
		return nil
	}
	return map[string]any{
		"ratio": float64(answered-late) / float64(all), "numerator": answered - late, "denominator": all, "target": scenario.ServiceShare,
	}
}

// waits are the ways in which a wait in a queue ends.
var waits = []string{"tAnswered", "tAbandon", "tFlowOut"}

// queryAggregates is POST …/conversations/aggregates/query: metrics by the moment at which they were emitted, as far as the
// lake goes.
func (a *API) queryAggregates(w http.ResponseWriter, r *http.Request) error {
	var q aggregateQuery
	if err := decode(w, r, &q); err != nil {
		return err
	}
	buckets, err := q.check(offer{conversationMetrics, []string{"queueId", "mediaType"}, []string{"", "eventTime"}})
	if err != nil {
		return err
	}
	lake, count := a.available(), newTally(q, buckets)
	from, to := buckets[0].from.Add(-time.Minute), buckets[len(buckets)-1].to // the last metrics come with the end
	for c := range a.source.Overlapping(from, to, lake) {
		if !a.visible(c.Division) {
			continue
		}
		for _, m := range c.Emitted(lake) {
			o := observation{m.Name, m.Value, m.Emit, func(dimension string) string {
				if dimension == "queueId" {
					return m.QueueID
				}
				return m.MediaType
			}}
			count.add(o)
			if slices.Contains(waits, m.Name) {
				o.metric = "tWait"
				count.add(o)
			}
		}
	}
	writeJSON(w, http.StatusOK, count.results())
	return nil
}

// conversationMetrics are the metrics of sessions, without those of flows, and what follows from them.
var conversationMetrics = strings.Fields(`
	nBlindTransferred nBotInteractions nCobrowseSessions nConnected nConsult nConsultTransferred nError nOffered nOutbound
	nOutboundAbandoned nOutboundAttempted nOutboundConnected nOverSla nStateTransitionError nTransferred oExternalMediaCount
	oMediaCount oMessageCount oMessageSegmentCount oMessageTurn oServiceLevel tAbandon tAcd tActiveCallback
	tActiveCallbackComplete tAcw tAgentResponseTime tAlert tAnswered tAverageAgentResponseTime tAverageCustomerResponseTime
	tBarging tCoaching tCoachingComplete tConnected tContacting tConversationDuration tDialing tFirstConnect tFirstDial
	tFirstEngagement tFirstResponse tFlowOut tHandle tHeld tHeldComplete tIvr tMonitoring tMonitoringComplete tNotResponding
	tPark tParkComplete tShortAbandon tTalk tTalkComplete tUserResponseTime tVoicemail tWait`)
