package scenario

import (
	"cmp"
	"slices"
	"time"
)

// Asked is a question for what the contact centre counted of the metrics emitted in [From, To), as it was known At a moment.
type Asked struct{ From, To, At time.Time }

// Aggregates is the truth about what the contact centre itself counts: the rows of source_aggregates, a map a row, nil is NULL, for
// questions whose spans do not overlap, in intervals of so long from the begin of each. It is told by what agents did and what became of
// each stay in a queue, never by the metrics that an interface shows. A conversation whose record is broken counts like any other.
func (w *World) Aggregates(every time.Duration, asked []Asked) []map[string]any {
	if len(asked) == 0 {
		return nil
	}
	last := slices.MaxFunc(asked, func(a, b Asked) int { return a.To.Compare(b.To) })
	counted := map[emitted]tally{}
	for c := range w.StartedOn(w.cfg.Start, last.To, last.At) {
		s := c.story()
		for _, q := range asked {
			from, to, at := q.From.UnixMilli(), min(q.To.UnixMilli(), q.At.UnixMilli()+1), q.At.UnixMilli()
			if s.start >= to || s.last < from {
				continue
			}
			for _, e := range s.emissions(at) {
				if e.at < from || e.at >= to {
					continue
				}
				begin := from + (e.at-from)/every.Milliseconds()*every.Milliseconds()
				key := emitted{begin, min(begin+every.Milliseconds(), q.To.UnixMilli()), e.queue, e.media, e.metric}
				sum := counted[key]
				sum.add(e.value)
				counted[key] = sum
			}
		}
	}
	return aggregateRows(counted)
}

// emitted says of what something is counted.
type emitted struct {
	from, to             int64
	queue, media, metric string
}

func aggregateRows(counted map[emitted]tally) []map[string]any {
	rows := make([]map[string]any, 0, len(counted))
	for key, value := range counted {
		row := map[string]any{
			"interval_start": time.UnixMilli(key.from).UTC(), "interval_end": time.UnixMilli(key.to).UTC(),
			"queue_id": key.queue, "media_type": key.media, "metric": key.metric, "count": value.n, "sum": nil,
		}
		if key.metric[0] == 't' {
			row["sum"] = value.sum
		}
		rows = append(rows, row)
	}
	return rows
}

// emission is a metric at the moment at which it was emitted.
type emission struct {
	metric, queue, media string
	at, value            int64
}

// emissions are what was emitted until at, with what was corrected until then.
func (s *story) emissions(at int64) (all []emission) {
	if !s.measured {
		return nil
	}
	for _, v := range s.visits {
		all = append(all, v.emissions(at)...)
	}
	for _, l := range s.lines {
		if !l.bare {
			all = append(all, l.emissions(at)...)
		}
	}
	return slices.DeleteFunc(all, func(e emission) bool { return e.at > at })
}

// emissions of a stay in a queue are one for its begin and one for its end.
func (v *visit) emissions(at int64) []emission {
	f := v.facts(at)
	all := []emission{{"nOffered", v.q.ID, v.ses.media, v.from, 1}}
	if end := map[string]string{"answered": "tAnswered", "abandoned": "tAbandon", "flow_out": "tFlowOut"}[f.outcome]; end != "" {
		all = append(all, emission{end, v.q.ID, v.ses.media, f.left, f.wait})
	}
	if f.late {
		all = append(all, emission{"nOverSla", v.q.ID, v.ses.media, f.left, 1})
	}
	return all
}

// legMetrics are the metrics that an agent's part emits.
var legMetrics = map[string]func(*legFacts) tally{
	"tHandle":       func(f *legFacts) tally { return f.handle },
	"tTalkComplete": func(f *legFacts) tally { return f.talkDone },
	"tHeldComplete": func(f *legFacts) tally { return f.holden },
	"tAcw":          func(f *legFacts) tally { return f.acw },
	"nTransferred":  func(f *legFacts) tally { return tally{f.transfers, f.transfers} },
}

// emissions of an agent's part come with its deeds. A deed that changes a sum and adds nothing to it corrects what came last.
func (l *leg) emissions(at int64) (all []emission) {
	queue := ""
	if l.queue != nil {
		queue = l.queue.ID
	}
	deeds := slices.Clone(l.deeds)
	slices.SortStableFunc(deeds, func(a, b legBeat) int { return cmp.Compare(a.at, b.at) })
	for metric, of := range legMetrics {
		var f legFacts
		newest := -1
		for _, b := range deeds {
			if b.at > at {
				break
			}
			was := of(&f)
			b.do(&f)
			is := of(&f)
			switch {
			case is.n > was.n:
				newest = len(all)
				all = append(all, emission{metric, queue, l.ses.media, b.at, is.sum - was.sum})
			case is.sum != was.sum:
				all[newest].value += is.sum - was.sum
			}
		}
	}
	return all
}
