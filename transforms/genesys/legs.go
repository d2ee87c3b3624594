package genesys

import "slices"

// facts is one conversation made ready for the rules.
type facts struct {
	*conversation

	legs  []leg // every session, in its order
	sums  sums
	first *leg // of the answered legs; nil if nobody answered
	final *leg // the last of them

	measured bool // some session has metrics: without any, segments must tell
	attended bool // there is an agent's leg
	offered  bool // it reached a queue
	acd      bool // a queue took part
	bot      bool
}

// leg is one session with what it is.
type leg struct {
	*session
	who      *participant
	position int // of the participant
	began    int64
	agent    bool // an agent's part in the conversation, whether or not he answered
	answered bool
}

// gather makes a conversation ready. ivrIsBot counts a plain menu as a bot.
func (f *facts) gather(c *conversation, ivrIsBot bool) {
	*f = facts{conversation: c, legs: f.legs}
	f.order()
	for i := range f.legs {
		l := &f.legs[i]
		f.measured = f.measured || len(l.Metrics) > 0
		f.sums.add(l.Metrics)
		f.acd = f.acd || l.who.Purpose == "acd"
		f.bot = f.bot || l.bot(ivrIsBot)
	}
	f.offered = f.acd || f.sums.offered.n > 0
	f.findAgents()
}

// findAgents tells the agents' legs. A person of the organisation who is no agent counts as one only where there is no agent
// and somebody from outside takes part: else he may be the caller himself.
func (f *facts) findAgents() {
	f.markAgents("agent")
	if !f.attended && slices.ContainsFunc(f.Participants, func(p participant) bool { return p.outside() }) {
		f.markAgents("user")
	}
}

func (f *facts) markAgents(purpose string) {
	for i := range f.legs {
		l := &f.legs[i]
		if l.who.Purpose != purpose || l.who.UserID == "" || l.supervision() {
			continue
		}
		l.agent, f.attended = true, true
		if l.answered = l.hasAnswer(); !l.answered {
			continue
		}
		if f.first == nil {
			f.first = l
		}
		f.final = l
	}
}

// outside tells whether a participant is no part of the organisation.
func (p *participant) outside() bool { return p.Purpose == "customer" || p.Purpose == "external" }

// supervision tells whether a session is of somebody who listens in, coaches or barges in.
func (s *session) supervision() bool {
	return s.Monitors != "" || s.Coaches != "" || s.Barges != "" || slices.ContainsFunc(s.Segments, func(g segment) bool {
		return g.Type == "monitoring" || g.Type == "coaching" || g.Type == "barging"
	})
}

// hasAnswer tells whether somebody came on the line: metrics say so, or a segment of talk.
func (s *session) hasAnswer() bool {
	return slices.ContainsFunc(s.Metrics, func(m metric) bool {
		return m.Name == "tAnswered" || m.Name == "tTalk" || m.Name == "tTalkComplete"
	}) || slices.ContainsFunc(s.Segments, func(g segment) bool { return g.Type == "interact" })
}

// unanswered tells whether a leg rang in vain, or still rings where nothing was measured.
func (l *leg) unanswered(measured bool) bool {
	if measured {
		return slices.ContainsFunc(l.Metrics, func(m metric) bool { return m.Name == "tNotResponding" })
	}
	return len(l.Segments) > 0 && !slices.ContainsFunc(l.Segments, func(g segment) bool { return g.Type != "alert" })
}

// bot tells whether a session shows that a bot took part.
func (l *leg) bot(ivrIsBot bool) bool {
	return l.who.Purpose == "botflow" || ivrIsBot && l.who.Purpose == "ivr" ||
		l.Flow != nil && (l.Flow.Type == "BOT" || l.Flow.Type == "DIGITALBOT") ||
		slices.ContainsFunc(l.Metrics, func(m metric) bool { return m.Name == "nBotInteractions" && m.Value > 0 })
}
