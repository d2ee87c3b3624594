package scenario

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// part is a part of the contacts of two periods: of one tier, queue and release, or of all of them.
type part struct {
	metric, level          string
	tier, queue, queueName label
	release, since         label
}

// side counts contacts of which it is known, and those to which it happened.
type side struct{ known, events float64 }

func (s side) rate() float64 { return s.events / s.known }

// shift is what became of a part.
type shift struct {
	part
	now, then, allNow, allThen side
	share                      float64 // of the part's tier and queue, this period
	p, raised                  float64 // not a number where it is not tested
}

// changed tells what differs between the last week and the one before. Counting is plain; interval and test are Newcombe's method
// 10 and the test of two proportions with Yates's correction, its tail by Abramowitz and Stegun 26.2.17, raised by Holm.
func (w *World) changed(rows []TruthRow) []cells {
	last := ""
	for _, r := range rows {
		if !r.IsOpen {
			last = max(last, r.BusinessDate)
		}
	}
	if last == "" {
		return nil
	}
	first, before := daysFrom(last, -6), daysFrom(last, -13)
	shifts := w.shifts(rows, before, first, last)
	var ps []*shift
	for i := range shifts {
		s := &shifts[i]
		s.p, s.raised = s.chance(), math.NaN()
		if !math.IsNaN(s.p) {
			ps = append(ps, s)
		}
	}
	slices.SortFunc(ps, func(a, b *shift) int { return cmp.Compare(a.p, b.p) })
	highest := 0.0
	for i, s := range ps {
		highest = max(highest, float64(len(ps)-i)*s.p)
		s.raised = highest
	}
	var view []cells
	for _, s := range shifts {
		view = append(view, s.row(before, first, last))
	}
	return view
}

// facts of a contact that are compared.
var changing = map[string]func(*TruthRow) *bool{
	"escalation_rate": func(r *TruthRow) *bool { return r.WasEscalated },
	"abandon_rate": func(r *TruthRow) *bool {
		if !positive(r.OfferedCount) {
			return nil
		}
		return r.Abandoned
	},
	"containment_rate": contained,
}

// shifts counts the parts of both periods.
func (w *World) shifts(rows []TruthRow, before, first, last string) []shift {
	now, then := map[part]side{}, map[part]side{}
	whole, wholeThen := map[part]side{}, map[part]side{} // without release
	alive := map[part]bool{}
	for i := range rows {
		r := &rows[i]
		if r.BusinessDate < before || r.BusinessDate > last {
			continue
		}
		for metric, fact := range changing {
			happened := fact(r)
			for _, level := range []string{"all", "release", "tier", "queue", "tier_queue"} {
				p := w.partOf(r, metric, level)
				alive[p] = true
				if happened == nil {
					continue
				}
				count(whole, wholeThen, p, r.BusinessDate >= first, *happened)
				if r.BusinessDate >= first && level != "all" {
					p.release, p.since = w.shippedBy(r.BusinessDate, before)
				}
				count(now, then, p, r.BusinessDate >= first, *happened)
			}
		}
	}
	var all []shift
	for p := range alive {
		total := part{metric: p.metric, level: "all"}
		if whole[total].known == 0 || wholeThen[total].known == 0 {
			continue
		}
		s := shift{then: wholeThen[p], allNow: whole[total], allThen: wholeThen[total], share: whole[p].known}
		any := false
		for q, n := range now {
			if q.without() == p && n.known > 0 {
				any = true
				if p.level != "release" || q.release.known {
					s.part, s.now = q, n
					all = append(all, s)
				}
			}
		}
		if !any && s.then.known > 0 && p.level != "release" {
			s.part = p
			all = append(all, s)
		}
	}
	return all
}

func (p part) without() part {
	p.release, p.since = label{}, label{}
	return p
}

func count(now, then map[part]side, p part, current, happened bool) {
	m := then
	if current {
		m = now
	}
	s := m[p]
	s.known, s.events = s.known+1, s.events+float64(one(happened))
	m[p] = s
}

func (w *World) partOf(r *TruthRow, metric, level string) part {
	p := part{metric: metric, level: level}
	if level == "tier" || level == "tier_queue" {
		p.tier = labelOf(r.CustomerTier)
	}
	if level == "queue" || level == "tier_queue" {
		p.queue, p.queueName = labelOf(r.QueueID), labelOf(r.QueueName)
	}
	return p
}

// shippedBy is the release of the two weeks that was out on a day.
func (w *World) shippedBy(date, before string) (release, since label) {
	r := w.cfg.Release
	if day := w.ReleasedOn(); r.Name != "" && day >= before && day <= date {
		return label{r.Product + " " + r.Name, true}, label{day, true}
	}
	return label{}, label{}
}

// chance is how likely a difference as large as this one is without a cause; not a number where that cannot be told.
func (s shift) chance() float64 {
	pooled := (s.now.events + s.then.events) / (s.now.known + s.then.known)
	if s.now.known < 30 || s.then.known < 30 || pooled == 0 || pooled == 1 {
		return math.NaN()
	}
	spread := 1/s.now.known + 1/s.then.known
	z := max(0, math.Abs(s.now.rate()-s.then.rate())-spread/2) / math.Sqrt(pooled*(1-pooled)*spread)
	t := 1 / (1 + 0.2316419*z)
	tail := 0.0
	for _, b := range []float64{1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530} {
		tail = t * (b + tail)
	}
	return 2 * tail * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
}

// wilson is the score interval of a share.
func (s side) wilson() (low, high float64) {
	const z = 1.959963984540054
	middle := (s.events + z*z/2) / (s.known + z*z)
	half := z / (s.known + z*z) * math.Sqrt(s.events*(s.known-s.events)/s.known+z*z/4)
	return middle - half, middle + half
}

// effects are what a part brings to the overall change, by its rate and by its share of the contacts.
func (s shift) effects() (rate, mix float64) {
	usual := s.then.rate()
	if s.then.known == 0 {
		usual = s.allThen.rate()
	}
	if s.now.known > 0 {
		rate = s.now.known / s.allNow.known * (s.now.rate() - usual)
	}
	mix = (s.share/s.allNow.known - s.then.known/s.allThen.known) * (usual - s.allThen.rate())
	if s.share > 0 {
		mix *= s.now.known / s.share
	}
	return rate, mix
}

func (s shift) row(before, first, last string) cells {
	tenths := func(v float64) any {
		if math.IsNaN(v) {
			return nil
		}
		return math.Round(1000*v) / 10
	}
	low0, high0 := s.then.wilson()
	low1, high1 := s.now.wilson()
	p0, p1 := s.then.rate(), s.now.rate()
	low, high := p1-p0-math.Hypot(p1-low1, high0-p0), p1-p0+math.Hypot(high1-p1, p0-low0)
	rate, mix := s.effects()
	row := cells{
		"metric": s.metric, "level": s.level, "customer_tier": s.tier.cell(), "queue_id": s.queue.cell(), "queue_name": s.queueName.cell(),
		"release": s.release.cell(), "released_on": s.since.cell(),
		"previous_first_day": before, "first_day": first, "last_day": last,
		"previous_known": int64(s.then.known), "previous_events": int64(s.then.events),
		"known": int64(s.now.known), "events": int64(s.now.events),
		"previous_rate_pct": tenths(p0), "rate_pct": tenths(p1), "change_points": tenths(p1 - p0), "low_points": tenths(low), "high_points": tenths(high),
		"contact_share_pct": tenths(s.now.known / s.allNow.known), "rate_effect_points": math.Round(100000*rate) / 1000, "mix_effect_points": math.Round(100000*mix) / 1000,
		"p_value": nil, "adjusted_p_value": nil, "is_significant": nil,
	}
	if !math.IsNaN(s.p) {
		row["p_value"], row["adjusted_p_value"], row["is_significant"] = rounded(s.p, 9), rounded(min(1, s.raised), 9), s.raised < 0.01
	}
	row["finding"] = s.sentence(row, rate+mix)
	return row
}

// sentence says it in words.
func (s shift) sentence(row cells, brings float64) string {
	text := map[string]string{"escalation_rate": "Escalation rate", "abandon_rate": "Abandon rate", "containment_rate": "Containment rate"}[s.metric]
	if s.level == "tier" || s.level == "tier_queue" {
		text += " of " + cmp.Or(s.tier.text, "customers of unknown tier")
	}
	if s.level == "queue" || s.level == "tier_queue" {
		text += " in " + cmp.Or(s.queueName.text, s.queue.text, "no queue")
	}
	if s.release.known {
		text += " since " + s.release.text + " (" + s.since.text + ")"
	}
	rate := func(v any) string {
		if v == nil {
			return "no contacts"
		}
		return fmt.Sprintf("%.1f %%", v)
	}
	text += ": " + rate(row["rate_pct"]) + " after " + rate(row["previous_rate_pct"]) + " in the 7 days before"
	point := func(v any) float64 { return v.(float64) + 0 }
	if row["change_points"] != nil {
		text += fmt.Sprintf(", %+.1f points (95 %% interval %+.1f to %+.1f)", point(row["change_points"]), point(row["low_points"]), point(row["high_points"]))
	}
	text += fmt.Sprintf("; %.1f %% of the contacts bring %+.1f of %+.1f points overall; ", row["contact_share_pct"],
		math.Round(1000*brings)/10+0, math.Round(1000*(s.allNow.rate()-s.allThen.rate()))/10+0)
	switch {
	case math.IsNaN(s.p):
		return text + "too few to tell"
	case s.raised < 0.01:
		return text + "more than chance"
	}
	return text + "within chance"
}
