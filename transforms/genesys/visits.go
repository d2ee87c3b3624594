package genesys

import "trunkline/schema"

// agentLegs keeps what each agent did in each session.
func (t *tree) agentLegs() {
	c, seq := t.cells, int64(0)
	for i := range t.f.legs {
		l := &t.f.legs[i]
		if !l.agent {
			continue
		}
		seq++
		row := &schema.AgentLeg{
			ConversationID: t.f.ID, ParticipantID: t.who[l.position], SessionID: t.keys[l.session], ConversationStart: t.f.Start.time(),
			StartedAt: c.ms(l.began), EndedAt: c.moment(l.ended()), LegSeq: seq, UserID: l.who.UserID,
			QueueID: c.text(l.queue()), MediaType: c.text(l.MediaType), Direction: c.text(l.Direction),
			Answered: l.answered, NotResponding: l.unanswered(t.f.measured), IsLastAnswered: l == t.f.final,
			WrapupCode: c.text(l.wrapup()), DisconnectType: c.text(l.ending()),
		}
		row.BusinessDate, row.BusinessHour = t.day(l.began)
		row.AgentName, row.QueueName = t.names.users[row.UserID], nameOf(t.names.queues, row.QueueID)
		row.WrapupName = nameOf(t.names.wrapupCodes, row.WrapupCode)
		t.measure(row, l)
		t.add(row)
	}
}

// day gives the business day and hour of a time; those of the conversation's day, without an hour, if it is not known.
func (t *tree) day(ms int64) (string, *int64) {
	if ms == never {
		return t.days.name(t.f.Start), nil
	}
	at := moment{ms: ms, state: known}
	return t.days.name(at), t.cells.int(int64(at.time().In(t.days.location).Hour()))
}

// measure fills a leg's times and counts from its own metrics. What was never measured is NULL; a count is 0 where anything was.
func (t *tree) measure(row *schema.AgentLeg, l *leg) {
	if len(l.Metrics) == 0 {
		return
	}
	var s sums
	s.add(l.Metrics)
	c := t.cells
	row.AlertTimeMs, row.ContactingTimeMs, row.DialingTimeMs = s.alert.total(c), s.contacting.total(c), s.dialing.total(c)
	row.TalkTimeMs, row.HoldTimeMs = s.talkComplete.or(s.talk).total(c), s.heldComplete.or(s.held).total(c)
	row.AcwTimeMs, row.HandleTimeMs, row.HandleCount = s.acw.total(c), s.handle.total(c), c.int(s.handle.n)
	row.AnswerTimeMs = s.answered.total(c)
	row.TransferCount, row.BlindTransferCount = c.int(s.transferred.sum), c.int(s.blind.sum)
	row.ConsultTransferCount, row.ConsultCount = c.int(s.consult.sum), c.int(s.consults.sum)
}

// ending is how a session's line ended: the disconnect of its last segment, after-call work apart, which nobody is on the line for.
func (s *session) ending() string {
	var last *segment
	for i := range s.Segments {
		if g := &s.Segments[i]; g.Type != "wrapup" && (last == nil || g.until() >= last.until()) {
			last = g
		}
	}
	if last == nil {
		return ""
	}
	return last.DisconnectType
}

// The outcomes of a queue visit.
const (
	answered  = "answered"
	abandoned = "abandoned"
	flowedOut = "flow_out"
	waiting   = "waiting"
	unknown   = "unknown"
)

// queueVisits keeps each stay in a queue. That it was answered is measured at the agent's session, so answers are dealt out to
// the visits they ended: each to the latest visit of its queue before it that has no end yet.
func (t *tree) queueVisits() {
	visits := t.visits()
	for i := range t.f.legs {
		l := &t.f.legs[i]
		for j := range l.Metrics {
			if m := &l.Metrics[j]; m.Name == "tAnswered" {
				if v := claimed(visits, l, m); v != nil {
					t.answer(v.row, l, m)
				}
			}
		}
	}
	for i, v := range visits {
		v.row.IsLast = i == len(visits)-1
		t.add(v.row)
	}
}

// visit is a queue's session and its row.
type visit struct {
	leg *leg
	row *schema.QueueVisit
}

func (t *tree) visits() []visit {
	var visits []visit
	c := t.cells
	for i := range t.f.legs {
		l := &t.f.legs[i]
		if l.who.Purpose != "acd" {
			continue
		}
		row := &schema.QueueVisit{
			ConversationID: t.f.ID, ParticipantID: t.who[l.position], SessionID: t.keys[l.session], ConversationStart: t.f.Start.time(),
			OfferedAt: c.ms(l.began), LeftAt: c.moment(l.ended()), VisitSeq: int64(len(visits) + 1), QueueID: c.text(l.queue()),
			MediaType: c.text(l.MediaType),
		}
		row.BusinessDate, row.BusinessHour = t.day(l.began)
		row.QueueName = nameOf(t.names.queues, row.QueueID)
		if row.QueueID != nil {
			row.SlaTargetMs = t.names.targets[*row.QueueID]
		}
		var s sums
		s.add(l.Metrics)
		switch {
		case s.abandoned.n > 0:
			row.Outcome, row.WaitTimeMs = abandoned, s.abandoned.total(c)
		case s.flowOut.n > 0:
			row.Outcome, row.WaitTimeMs = flowedOut, s.flowOut.total(c)
		case row.LeftAt == nil && !t.f.End.ok():
			row.Outcome = waiting
		default:
			row.Outcome = unknown
		}
		if t.f.measured {
			row.ShortAbandon = c.bool(s.shortAbandoned.n > 0)
		}
		visits = append(visits, visit{l, row})
	}
	return visits
}

// claimed gives the visit that an answer ended; nil if there is none.
func claimed(visits []visit, l *leg, m *metric) *visit {
	var best *visit
	for i := range visits {
		v := &visits[i]
		if v.row.Outcome != waiting && v.row.Outcome != unknown {
			continue
		}
		sameQueue := v.leg.queue() == l.queue()
		exact := sameQueue && m.Emit.ok() && v.leg.began != never && m.Emit.ms-v.leg.began == m.Value
		if exact {
			return v
		}
		if sameQueue || best == nil {
			best = v
		}
	}
	return best
}

func (t *tree) answer(row *schema.QueueVisit, l *leg, m *metric) {
	c := t.cells
	row.Outcome, row.WaitTimeMs, row.AnswerTimeMs = answered, c.int(m.Value), c.int(m.Value)
	row.AnsweredBy = c.text(l.who.UserID)
	late := false
	for i := range l.Metrics {
		late = late || l.Metrics[i].Name == "nOverSla" && l.Metrics[i].Value > 0
	}
	row.OverSla = c.bool(late)
}
