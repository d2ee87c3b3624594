package scenario

import (
	"slices"
	"time"
)

// legFacts is what an agent's part has been up to a moment, as its deeds tell it.
type legFacts struct {
	answered, ignored                 bool
	alert, contacting, dialing, wait  tally
	talk, talkDone, hold, holden      tally
	acw, handle                       tally
	transfers, blind, consults, asked int64
	wrapup, disconnect                string
}

// legBeat is what a deed means for the leg, from its moment on.
type legBeat struct {
	at int64
	do func(*legFacts)
}

func (l *leg) tell(at int64, do func(*legFacts)) { l.deeds = append(l.deeds, legBeat{at, do}) }

func (l *leg) facts(at int64) legFacts {
	var f legFacts
	deeds := slices.Clone(l.deeds)
	slices.SortStableFunc(deeds, func(a, b legBeat) int { return int(a.at - b.at) })
	for _, b := range deeds {
		if b.at <= at {
			b.do(&f)
		}
	}
	return f
}

// visitFacts is what a stay in a queue has come to up to a moment.
type visitFacts struct {
	outcome     string
	left, wait  int64
	short, late bool
	by          *User
}

type visitBeat struct {
	at int64
	do func(*visitFacts)
}

func (v *visit) tell(at int64, do func(*visitFacts)) { v.fate = append(v.fate, visitBeat{at, do}) }

func (v *visit) facts(at int64) visitFacts {
	var f visitFacts
	for _, b := range v.fate {
		if b.at <= at {
			b.do(&f)
		}
	}
	return f
}

// agentLegs tells the rows of agent_legs.
func (t *teller) agentLegs() {
	final := t.lastLeg()
	seq := int64(0)
	for _, p := range t.places {
		i := slices.IndexFunc(t.s.lines, func(l *leg) bool { return l.ses == p.ses })
		if i < 0 {
			continue
		}
		seq++
		l := t.s.lines[i]
		f := l.facts(t.at)
		row := t.in(p)
		date, hour := t.day(p.began)
		row["conversation_start"], row["business_date"], row["business_hour"] = t.time(t.s.start), date, hour
		row["started_at"], row["ended_at"] = t.time(p.began), t.ended(p.ses)
		row["leg_seq"], row["user_id"], row["agent_name"] = seq, l.user.ID, l.user.Name
		row["queue_id"], row["queue_name"] = nil, nil
		if l.queue != nil {
			row["queue_id"], row["queue_name"] = l.queue.ID, l.queue.Name
		}
		row["media_type"], row["direction"] = p.ses.media, t.direction(p.ses)
		row["answered"], row["not_responding"] = f.answered, f.ignored || !t.s.measured && !f.answered && l.onlyRang(t.at)
		row["is_last_answered"] = l == final
		row["wrapup_code"], row["wrapup_name"] = words0(f.wrapup), deref(t.s.w.codeName(f.wrapup))
		row["disconnect_type"] = words0(f.disconnect)
		if l.ses.segments[len(l.ses.segments)-1].kind == "interact" && t.ended(p.ses) == nil {
			row["disconnect_type"] = nil
		}
		t.measured(row, l, f)
		t.add("agent_legs", row)
	}
}

// onlyRang tells whether nothing but ringing has happened on a line.
func (l *leg) onlyRang(at int64) bool {
	return !slices.ContainsFunc(l.ses.segments, func(g segment) bool { return g.start <= at && g.kind != "alert" })
}

// measured tells what was measured of a leg.
func (t *teller) measured(row map[string]any, l *leg, f legFacts) {
	any := l.ses.measuredFrom != 0 && l.ses.measuredFrom <= t.at
	sum := func(name string, all ...tally) {
		row[name] = nil
		for _, x := range all {
			if any && x.n > 0 {
				row[name] = x.sum
				return
			}
		}
	}
	count := func(name string, n int64) {
		row[name] = nil
		if any {
			row[name] = n
		}
	}
	if l.bare {
		f = legFacts{}
	}
	sum("alert_time_ms", f.alert)
	sum("contacting_time_ms", f.contacting)
	sum("dialing_time_ms", f.dialing)
	sum("talk_time_ms", f.talkDone, f.talk)
	sum("hold_time_ms", f.holden, f.hold)
	sum("acw_time_ms", f.acw)
	sum("handle_time_ms", f.handle)
	sum("answer_time_ms", f.wait)
	count("handle_count", f.handle.n)
	count("transfer_count", f.transfers)
	count("blind_transfer_count", f.blind)
	count("consult_transfer_count", f.consults)
	count("consult_count", f.asked)
}

// lastLeg is the last leg to answer.
func (t *teller) lastLeg() *leg {
	var f facts
	beats := slices.Clone(t.s.beats)
	slices.SortStableFunc(beats, func(a, b beat) int { return int(a.at - b.at) })
	for _, b := range beats {
		if b.at <= t.at {
			b.do(&f)
		}
	}
	return f.lastLeg
}

// queueVisits tells the rows of queue_visits.
func (t *teller) queueVisits() {
	var rows []map[string]any
	_, over := t.s.end(t.at)
	for _, p := range t.places {
		i := slices.IndexFunc(t.s.visits, func(v *visit) bool { return v.ses == p.ses })
		if i < 0 {
			continue
		}
		v := t.s.visits[i]
		f := v.facts(t.at)
		row := t.in(p)
		date, hour := t.day(p.began)
		row["conversation_start"], row["business_date"], row["business_hour"] = t.time(t.s.start), date, hour
		row["offered_at"], row["left_at"] = t.time(v.from), nil
		if f.left != 0 {
			row["left_at"] = t.time(f.left)
		}
		row["visit_seq"], row["queue_id"], row["queue_name"] = int64(len(rows)+1), v.q.ID, v.q.Name
		row["media_type"], row["sla_target_ms"] = p.ses.media, v.q.Target.Milliseconds()
		row["outcome"], row["short_abandon"], row["wait_time_ms"], row["answer_time_ms"] = "waiting", nil, nil, nil
		row["over_sla"], row["answered_by"], row["is_last"] = nil, nil, false
		if f.left != 0 || over {
			row["outcome"] = "unknown"
		}
		if t.s.measured {
			row["short_abandon"] = f.short
			if f.outcome != "" {
				row["outcome"], row["wait_time_ms"] = f.outcome, f.wait
			}
			if f.outcome == "answered" {
				row["answer_time_ms"], row["over_sla"], row["answered_by"] = f.wait, f.late, f.by.ID
			}
		}
		rows = append(rows, row)
	}
	for i, row := range rows {
		row["is_last"] = i == len(rows)-1
		t.add("queue_visits", row)
	}
}

// grains tells what agents did and what became of each stay in a queue, and nothing else of the tree.
func (c *Conversation) grains(at time.Time) (legs, visits []map[string]any) {
	t := &teller{s: c.story(), id: c.ID, at: at.UnixMilli(), rows: map[string][]map[string]any{}}
	t.arrange()
	t.agentLegs()
	t.queueVisits()
	return t.rows["agent_legs"], t.rows["queue_visits"]
}
