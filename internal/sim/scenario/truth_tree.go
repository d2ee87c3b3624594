package scenario

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Tree is the truth about all that is below a conversation, its own row included: the rows of each table, a map a row, nil is
// NULL. It is told by the story's happenings and never read from a record.
func (c *Conversation) Tree(at time.Time) map[string][]map[string]any {
	t := &teller{s: c.story(), id: c.ID, at: at.UnixMilli(), rows: map[string][]map[string]any{}}
	t.arrange()
	t.conversation()
	t.participants()
	for i, p := range t.places {
		t.session(p, int64(i+1))
	}
	t.evaluations()
	t.surveys()
	t.resolutions()
	t.agentLegs()
	t.queueVisits()
	return t.rows
}

// teller tells the tree of one conversation as it was at a moment.
type teller struct {
	s      *story
	id     string
	at     int64
	places []place // every session that has begun, in the order of time
	rows   map[string][]map[string]any
}

// place is a session and where it is.
type place struct {
	participant, session string // what they are called in keys
	ses                  *session
	began                int64
}

func (t *teller) add(table string, row map[string]any) { t.rows[table] = append(t.rows[table], row) }

func (t *teller) in(p place) map[string]any {
	return map[string]any{"conversation_id": t.id, "participant_id": p.participant, "session_id": p.session}
}

func (t *teller) time(ms int64) any {
	if ms == 0 || ms == math.MaxInt64 {
		return nil
	}
	return time.UnixMilli(ms).UTC()
}

// day is the organisation's day and hour of a time.
func (t *teller) day(ms int64) (string, any) {
	if ms == math.MaxInt64 {
		return time.UnixMilli(t.s.start).In(t.s.w.cfg.Location).Format(time.DateOnly), nil
	}
	at := time.UnixMilli(ms).In(t.s.w.cfg.Location)
	return at.Format(time.DateOnly), int64(at.Hour())
}

func words0(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func deref(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

// arrange finds the sessions that have begun and puts them in the order of time.
func (t *teller) arrange() {
	for _, who := range t.s.parts {
		n := 0
		for _, ses := range who.sessions {
			if ses.from > t.at {
				continue
			}
			n++
			p := place{participant: who.id.String(), session: ses.id.String(), ses: ses, began: math.MaxInt64}
			if t.s.odd == oddSession {
				p.session = "#" + strconv.Itoa(n)
			}
			for _, g := range ses.segments {
				if g.start <= t.at {
					p.began = min(p.began, g.start)
				}
			}
			t.places = append(t.places, p)
		}
	}
	if t.s.odd == oddSession { // somebody of whom next to nothing is known
		t.places = append(t.places, place{participant: "#" + strconv.Itoa(t.present()+1), session: "#1", began: math.MaxInt64})
	}
	slices.SortStableFunc(t.places, func(a, b place) int { return cmp.Compare(a.began, b.began) })
}

// present counts the participants who have come.
func (t *teller) present() int {
	n := 0
	for _, who := range t.s.parts {
		if who.sessions[0].from <= t.at {
			n++
		}
	}
	return n
}

func (t *teller) conversation() {
	s := t.s
	date, _ := t.day(s.start)
	row := map[string]any{
		"conversation_id": t.id, "conversation_start": t.time(s.start), "conversation_end": nil, "is_open": true, "business_date": date,
		"conference_start": nil, "originating_direction": s.direction, "initiator": nil, "customer_participation": nil,
		"external_tag": nil, "self_served": nil, "min_mos": nil, "min_r_factor": nil,
	}
	if end, ended := s.end(t.at); ended {
		row["conversation_end"], row["is_open"] = t.time(end), false
		if s.selfServed != nil {
			row["self_served"] = *s.selfServed
		}
	}
	t.add("conversations", row)
	for i, id := range s.divisions {
		if !slices.Contains(s.divisions[:i], id) {
			t.add("conversation_divisions", map[string]any{"conversation_id": t.id, "division_id": id, "position": int64(i + 1)})
		}
	}
}

func (t *teller) participants() {
	n := int64(0)
	party := func(id, purpose string) map[string]any {
		n++
		row := map[string]any{
			"conversation_id": t.id, "participant_id": id, "position": n, "purpose": words0(purpose), "name": nil, "user_id": nil,
			"team_id": nil, "external_contact_id": nil, "external_organization_id": nil, "flagged_reason": nil,
		}
		t.add("participants", row)
		return row
	}
	for _, who := range t.s.parts {
		if who.sessions[0].from > t.at {
			continue
		}
		row := party(who.id.String(), who.purpose)
		row["name"], row["user_id"], row["external_contact_id"] = words0(who.name), words0(who.userID()), words0(who.externalContactID)
		t.attributes(who)
	}
	if t.s.odd == oddSession {
		party("#"+strconv.FormatInt(n+1, 10), "hologram")
	}
}

func (t *teller) attributes(who *participant) {
	set := map[string]string{}
	var names []string
	for _, a := range who.attributes {
		if a.at > t.at {
			continue
		}
		if _, again := set[a.key]; !again {
			names = append(names, a.key)
		}
		set[a.key] = truncated(a.value)
	}
	for _, name := range names {
		t.add("participant_attributes", map[string]any{
			"conversation_id": t.id, "participant_id": who.id.String(), "name": name, "value": set[name],
			"value_truncated": utf8.RuneCountInString(set[name]) >= longestAttribute,
		})
	}
}

func (t *teller) direction(ses *session) any {
	if ses.media == "callback" {
		return nil
	}
	return words0(ses.direction)
}

// ended is when the last stretch of a session ended; nil while one runs.
func (t *teller) ended(ses *session) any {
	var last int64
	for _, g := range ses.segments {
		switch {
		case g.start > t.at:
		case g.end == 0 || g.end > t.at:
			return nil
		default:
			last = max(last, g.end)
		}
	}
	return t.time(last)
}

func (t *teller) session(p place, position int64) {
	row := t.in(p)
	row["position"], row["started_at"], row["ended_at"] = position, t.time(p.began), nil
	for _, never := range []string{
		"message_type", "direction", "peer_id", "provider", "remote", "ani", "dnis", "session_dnis", "address_from", "address_to",
		"monitored_participant_id", "coached_participant_id", "barged_participant_id", "requested_routings", "used_routing",
		"selected_agent_id", "callback_scheduled_at", "outbound_campaign_id", "outbound_contact_id", "disposition_name",
		"delivery_status", "authenticated", "acw_skipped", "flow_out_type", "flow_id", "flow_name", "flow_type", "flow_version",
		"flow_entry_reason", "flow_exit_reason", "flow_transfer_type", "flow_transfer_target",
	} {
		row[never] = nil
	}
	t.add("sessions", row)
	ses := p.ses
	if ses == nil {
		row["media_type"] = words0(t.s.medium)
		return
	}
	row["ended_at"], row["media_type"], row["message_type"] = t.ended(ses), words0(ses.media), words0(ses.messageType)
	row["direction"], row["provider"], row["ani"], row["dnis"] = t.direction(ses), "PureCloud", words0(ses.ani), words0(ses.dnis)
	if ses.peer != nil {
		row["peer_id"] = ses.peer.id.String()
	}
	for column, who := range map[string]*participant{
		"monitored_participant_id": ses.monitors, "coached_participant_id": ses.coaches, "barged_participant_id": ses.barges,
	} {
		if who != nil {
			row[column] = who.id.String()
		}
	}
	if ses.routed {
		row["requested_routings"], row["used_routing"] = "Standard", "Standard"
	}
	if ses.flowOut != "" && ses.flowOutAt <= t.at {
		row["flow_out_type"] = ses.flowOut
	}
	if f := ses.flow; f != nil {
		row["flow_id"], row["flow_name"], row["flow_type"], row["flow_version"] = f.id, f.name, words0(f.kind), words0(f.version)
		if f.ended != 0 && f.ended <= t.at {
			row["flow_exit_reason"], row["flow_transfer_type"] = words0(f.exit), words0(f.transfer)
		}
	}
	t.segments(p)
	t.metrics(p)
	t.outcomes(p)
}

func (t *teller) segments(p place) {
	var begun []segment
	for _, g := range p.ses.segments {
		if g.start <= t.at {
			begun = append(begun, g)
		}
	}
	slices.SortStableFunc(begun, func(a, b segment) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.kind, b.kind)) })
	for i, g := range begun {
		row := t.in(p)
		row["segment_seq"], row["started_at"], row["ended_at"], row["segment_type"] = int64(i+1), t.time(g.start), nil, g.kind
		row["queue_id"], row["disconnect_type"], row["wrapup_code"], row["conference"] = nil, nil, nil, g.conference
		row["wrapup_note"], row["error_code"], row["subject"], row["requested_language_id"] = nil, nil, nil, nil
		if g.queue != nil {
			row["queue_id"] = g.queue.ID
		}
		if g.end != 0 && g.end <= t.at {
			row["ended_at"], row["disconnect_type"], row["wrapup_code"] = t.time(g.end), words0(g.disconnect), words0(g.wrapup)
		}
		t.add("segments", row)
	}
}

func (t *teller) metrics(p place) {
	var emitted []metric
	for _, m := range p.ses.metrics {
		if m.emit <= t.at {
			emitted = append(emitted, m)
		}
	}
	slices.SortStableFunc(emitted, func(a, b metric) int { return cmp.Or(cmp.Compare(a.emit, b.emit), cmp.Compare(a.name, b.name)) })
	for i, m := range emitted {
		row := t.in(p)
		row["metric_seq"], row["name"], row["value"], row["emitted_at"] = int64(i+1), m.name, m.at(t.at), t.time(m.emit)
		t.add("session_metrics", row)
	}
}

func (t *teller) outcomes(p place) {
	if p.ses.flow == nil {
		return
	}
	begun := slices.DeleteFunc(slices.Clone(p.ses.flow.outcomes), func(o outcome) bool { return o.from > t.at })
	slices.SortStableFunc(begun, func(a, b outcome) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.id, b.id)) })
	for i, o := range begun {
		row := t.in(p)
		row["outcome_seq"], row["flow_outcome_id"], row["started_at"] = int64(i+1), o.id, t.time(o.from)
		row["outcome_value"], row["ended_at"] = nil, nil
		if o.decided <= t.at {
			row["outcome_value"] = o.value
			if o.reached {
				row["ended_at"] = t.time(o.decided)
			}
		}
		t.add("flow_outcomes", row)
	}
}

func (t *teller) resolutions() {
	told := slices.DeleteFunc(slices.Clone(t.s.resolutions), func(r resolution) bool { return r.at > t.at })
	slices.SortFunc(told, func(a, b resolution) int { return cmp.Compare(a.at, b.at) })
	for i, r := range told {
		row := map[string]any{
			"conversation_id": t.id, "resolution_seq": int64(i + 1), "event_time": t.time(r.at), "queue_id": nil, "user_id": r.user.ID,
			"next_contact_avoided": r.avoided,
		}
		if r.queue != nil {
			row["queue_id"] = r.queue.ID
		}
		t.add("resolutions", row)
	}
}

// latest gives of the states that are told by now the last of each id.
func latest[T any](states []T, at int64, of func(T) (string, int64)) []T {
	var ids []string
	last := map[string]T{}
	for _, v := range states {
		id, when := of(v)
		if when > at {
			continue
		}
		if _, known := last[id]; !known {
			ids = append(ids, id)
		}
		last[id] = v
	}
	all := make([]T, len(ids))
	for i, id := range ids {
		all[i] = last[id]
	}
	return all
}

func (t *teller) evaluations() {
	for _, e := range latest(t.s.evaluations, t.at, func(e evaluation) (string, int64) { return e.id, e.at }) {
		row := map[string]any{
			"conversation_id": t.id, "evaluation_id": e.id, "status": e.status, "event_time": t.time(e.at), "user_id": e.user.ID,
			"evaluator_id": e.evaluator, "assignee_id": nil, "queue_id": nil, "form_id": e.formID, "form_name": "Service quality",
			"context_id": nil, "calibration_id": words0(e.calibration), "released": e.status == "Finished", "rescored": e.rescored,
			"deleted": e.deleted, "total_score": nil, "total_critical_score": nil,
		}
		if e.queue != nil {
			row["queue_id"] = e.queue.ID
		}
		if e.status != "Pending" {
			row["total_score"], row["total_critical_score"] = float64(e.score), float64(e.score)
		}
		t.add("evaluations", row)
	}
}

func (t *teller) surveys() {
	for _, v := range latest(t.s.surveys, t.at, func(v survey) (string, int64) { return v.id, v.at }) {
		row := map[string]any{
			"conversation_id": t.id, "survey_id": v.id, "status": v.status, "survey_type": v.kind, "event_time": t.time(v.at),
			"completed_at": nil, "is_partial": nil, "user_id": v.user.ID, "queue_id": nil, "form_id": nil, "form_context_id": nil,
			"form_name": "After contact", "promoter_score": nil, "total_score": nil,
		}
		if v.queue != nil {
			row["queue_id"] = v.queue.ID
		}
		if v.completed {
			row["completed_at"], row["is_partial"], row["total_score"] = t.time(v.at), v.partial, float64(v.score)
			if v.nps != nil {
				row["promoter_score"] = *v.nps
			}
		}
		t.add("surveys", row)
	}
}
