package genesys

import (
	"cmp"
	"context"
	"math"
	"strings"
	"time"

	"trunkline/pipeline"
)

// A window is read by several workers, and the slowest of them is how long it takes. Hours are not equally busy, so parts of
// equal length would leave most workers idle at the end; one call tells how busy each hour was. But every cut has its price:
// a job has two calls of its own, and a conversation that is alive at a cut is given by the jobs on both sides of it, unless the
// later job begins with a UTC day, when it can be told to leave out what began before. So there are no more parts than the
// budget can keep busy, and they are cut at midnight UTC, or else where it is quiet. How many that are is told by the time that the
// pages read before took; before the first, by that of the one call.

// activity is how much happened in an hour that began at a time.
type activity struct {
	at    time.Time
	count int64
}

// busiest is the longest window whose hours are asked for in one call.
const busiest = 31 * 24 * time.Hour

// parts cuts a window into parts that are about equally long to read. Where the source does not tell how busy its hours were
// (the client need not have that permission) they are of equal length.
func (x *Extractor) parts(ctx context.Context, w pipeline.Window) ([]part, error) {
	if w.To.Sub(w.From) > busiest || w.To.Sub(w.From) <= time.Hour {
		return split(w, x.config.Parallel), nil
	}
	began := time.Now()
	hours, err := x.hours(ctx, w)
	if err != nil {
		hours = nil // not worth ending a run for
	}
	latency := cmp.Or(time.Duration(x.pageTook.Load()), time.Since(began))
	if err := ctx.Err(); err != nil {
		return nil, err //nolint:wrapcheck // the caller's own doing
	}
	var connected int64
	for _, h := range hours {
		connected += h.count
	}
	if connected == 0 {
		return split(w, x.config.Parallel), nil
	}
	const sessions, pages = 2, 2 // sessions that connect in a conversation; pages that make a job worth its two other calls
	worth := connected / sessions / int64(x.config.PageSize) / pages
	return balance(w, hours, int(min(worth, int64(x.workers(latency))))), nil
}

// workers is how many calls have to be under way to use up the budget, if each takes so long and a little more.
func (x *Extractor) workers(latency time.Duration) int {
	const more = 1.2
	busy := more * latency.Seconds() * float64(x.config.RequestsPerMinute) / 60
	return min(x.config.Parallel, max(1, int(math.Ceil(busy))))
}

// hours asks how much happened in each hour of a window.
func (x *Extractor) hours(ctx context.Context, w pipeline.Window) ([]activity, error) {
	query := aggregateQuery{
		Interval: interval(w.From.Truncate(time.Hour), w.To), Granularity: "PT1H", Metrics: []string{"nConnected"},
	}
	var answer struct {
		Results []struct {
			Data []struct {
				Interval string `json:"interval"`
				Metrics  []struct {
					Stats struct {
						Count float64 `json:"count"`
					} `json:"stats"`
				} `json:"metrics"`
			} `json:"data"`
		} `json:"results"`
	}
	if err := x.post(ctx, "/analytics/conversations/aggregates/query", query, into(&answer)); err != nil {
		return nil, err
	}
	var hours []activity
	for _, r := range answer.Results {
		for _, d := range r.Data {
			start, _, _ := strings.Cut(d.Interval, "/")
			at, err := time.Parse(time.RFC3339, start)
			if err != nil {
				return nil, err //nolint:wrapcheck // parts does without
			}
			for _, m := range d.Metrics {
				hours = append(hours, activity{at.UTC(), int64(m.Stats.Count)})
			}
		}
	}
	return hours, nil
}

// balance cuts a window into so many parts with about equally much activity in each, none longer than a week.
func balance(w pipeline.Window, hours []activity, count int) []part {
	p := newProfile(w, hours)
	var parts []part
	from := w.From
	for k := 1; k < count; k++ {
		to := p.cut(float64(k)/float64(count), 0.4/float64(count)).Truncate(time.Minute)
		if to.After(from) && to.Before(w.To) {
			parts = append(parts, weekly(from, to)...)
			from = to
		}
	}
	parts = append(parts, weekly(from, w.To)...)
	for i := 1; i < len(parts); i++ { // the first part has to give what began before the window, too
		parts[i].Day = parts[i].From.Equal(parts[i].From.Truncate(24 * time.Hour))
		parts[i-1].Past = parts[i].Day
	}
	return parts
}

// profile is the activity of a window, hour by hour.
type profile struct {
	first  time.Time // begin of the first hour
	hours  []float64 // share of the activity in each
	before []float64 // share of the activity before each
}

func newProfile(w pipeline.Window, hours []activity) profile {
	p := profile{first: w.From.Truncate(time.Hour)}
	p.hours = make([]float64, int(w.To.Sub(p.first)/time.Hour)+1)
	total := 0.0
	for _, h := range hours {
		if i := int(h.at.Sub(p.first) / time.Hour); i >= 0 && i < len(p.hours) {
			p.hours[i] += float64(h.count)
			total += float64(h.count)
		}
	}
	p.before = make([]float64, len(p.hours))
	sum := 0.0
	for i := range p.hours { // an hour without activity may have conversations all the same
		p.hours[i] = (p.hours[i] + 1) / (total + float64(len(p.hours)))
		p.before[i] = sum
		sum += p.hours[i]
	}
	return p
}

// cut gives the midnight before which about a share of the activity lies, give or take slack; where there is none, the begin of the
// quietest hour there; where no hour begins there, the moment at which just that share has passed.
func (p profile) cut(share, slack float64) time.Time {
	best, midnight := -1, false
	for i := 1; i < len(p.hours); i++ {
		off := math.Abs(p.before[i] - share)
		if off > slack {
			continue
		}
		isMidnight := p.first.Add(time.Duration(i)*time.Hour).Hour() == 0
		switch {
		case isMidnight && (!midnight || off < math.Abs(p.before[best]-share)):
			best, midnight = i, true
		case !midnight && (best < 0 || p.hours[i-1]+p.hours[i] < p.hours[best-1]+p.hours[best]):
			best = i
		}
	}
	if best >= 0 {
		return p.first.Add(time.Duration(best) * time.Hour)
	}
	i := 0
	for i+1 < len(p.hours) && p.before[i+1] <= share {
		i++
	}
	within := (share - p.before[i]) / p.hours[i]
	return p.first.Add(time.Duration((float64(i) + within) * float64(time.Hour)))
}

// weekly is one part, or several if it were longer than a week.
func weekly(from, to time.Time) []part { return split(pipeline.Window{From: from, To: to}, 1) }
