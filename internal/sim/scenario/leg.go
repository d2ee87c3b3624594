package scenario

// manner is how a medium goes: mean times in ms, and which words end it.
type manner struct {
	media, messageType string
	wait, talk, acw    int64
	stays              int64 // when set, the exact length of a talk
	byes               []string
}

var (
	onVoice    = manner{media: "voice", wait: 15 * second, talk: 4 * minute, acw: 30 * second, byes: []string{"endpoint", "client", "endpoint"}}
	onCallback = manner{media: "callback", wait: 12 * minute, talk: 4 * minute, acw: 30 * second, byes: []string{"endpoint"}}
	onChat     = manner{media: "chat", wait: 40 * second, talk: 8 * minute, acw: 20 * second, byes: []string{"client", "endpoint"}}
	onMessage  = manner{media: "message", wait: 90 * second, talk: 14 * minute, acw: 20 * second, byes: []string{"client"}}
	onEmail    = manner{media: "email", wait: 3 * hour, talk: 6 * minute, acw: 15 * second, byes: []string{"client"}}
)

// caller is the customer's side of a conversation.
type caller struct {
	s   *story
	p   *participant
	ses *session
}

// contacts lets the customer appear at t.
func (s *story) contacts(t int64, m manner, direction, purpose string) *caller {
	c := &caller{s: s, p: s.joins(t, purpose, nil)}
	c.p.name = pick(s.d, firstNames) + " " + pick(s.d, lastNames)
	if s.d.chance(0.3) {
		c.p.externalContactID = s.d.uuid().String()
		s.tell(t, func(f *facts) { f.external = c.p.externalContactID })
	}
	if purpose == "customer" {
		s.presents(c.p, t)
	}
	c.returns(t, m, direction)
	return c
}

// returns opens another session of the customer at t.
func (c *caller) returns(t int64, m manner, direction string) {
	s, seen := c.s, t
	if s.odd == oddPreface && c.ses == nil {
		seen = t - 13
	}
	c.ses = c.p.opens(s, t, m.media, direction)
	c.ses.messageType = m.messageType
	c.ses.ani, c.ses.dnis = "tel:+15550100", "tel:+15550199"
	c.ses.begins("interact", seen, nil)
	c.ses.emits(t, "nConnected", 1)
	s.tell(t, func(f *facts) {
		if f.firstMedia == "" {
			f.firstMedia, f.messageType = m.media, m.messageType
		}
		if f.custFrom == 0 {
			f.custFrom = seen
		}
		f.disconnect, f.hungUp = "", ""
	})
}

// leaves ends the customer's session.
func (c *caller) leaves(t int64, disconnect string) {
	c.ses.ends(t, disconnect)
	c.s.tell(t, func(f *facts) { f.custTo, f.disconnect = t, disconnect })
}

// visit is one stay in a queue.
type visit struct {
	s    *story
	ses  *session
	q    *Queue
	from int64
	fate []visitBeat // what became of it, as it unfolds
}

// waits lets the conversation enter a queue at t.
func (s *story) waits(t int64, q *Queue, m manner) *visit {
	v := &visit{s: s, q: q, from: t}
	s.visits = append(s.visits, v)
	v.ses = s.joins(t, "acd", nil).opens(s, t, m.media, "inbound")
	v.ses.messageType = m.messageType
	v.ses.begins("interact", t, q)
	v.ses.emits(t, "nOffered", 1)
	s.tell(t, func(f *facts) { f.waitsIn(q) })
	s.feelsRelease(t, q)
	return v
}

func (v *visit) ends(t int64, disconnect, metric string) {
	v.tell(t, func(f *visitFacts) { f.left = t })
	v.ses.ends(t, disconnect)
	v.ses.emits(t, "tAcd", t-v.from)
	if metric != "" {
		v.ses.emits(t, metric, t-v.from)
	}
}

const shortAbandon = 5 * second

// abandoned: the customer is gone before anybody answered.
func (v *visit) abandoned(t int64, disconnect string) {
	v.ends(t, disconnect, "tAbandon")
	short := t-v.from < shortAbandon
	if short {
		v.ses.emits(t, "tShortAbandon", t-v.from)
	}
	v.tell(t, func(f *visitFacts) { f.outcome, f.wait, f.short = "abandoned", t-v.from, short })
	v.s.tell(t, func(f *facts) {
		f.abandons++
		f.waited(t - v.from)
		if short {
			f.short++
		}
	})
}

// flowsOut: the queue hands over unanswered.
func (v *visit) flowsOut(t int64, to string) {
	v.ends(t, "transfer", "tFlowOut")
	v.ses.flowOut, v.ses.flowOutAt = to, t
	v.tell(t, func(f *visitFacts) { f.outcome, f.wait = "flow_out", t-v.from })
	v.s.tell(t, func(f *facts) {
		f.flowsOut++
		f.waited(t - v.from)
	})
}

// leg is an agent's part.
type leg struct {
	s     *story
	p     *participant
	ses   *session
	user  *User
	queue *Queue
	at    int64 // until when it is told

	talk, held, dialing, acw int64
	talks, holds             int
	unanswered               int64 // ended segments before the answer, in ms
	answered, bare           bool  // bare: no routing, so no time is measured
	deeds                    []legBeat
}

// rings lets an agent's line ring at t.
func (s *story) rings(t int64, u *User, q *Queue, m manner) *leg {
	return s.attends(t, s.joins(t, "agent", u), q, m, "inbound")
}

// attends opens a session of a user's participant who is to take the conversation.
func (s *story) attends(t int64, p *participant, q *Queue, m manner, direction string) *leg {
	l := &leg{s: s, p: p, user: p.user, queue: q, at: t, ses: p.opens(s, t, m.media, direction)}
	s.lines = append(s.lines, l)
	l.ses.messageType = m.messageType
	s.tell(t, func(f *facts) {
		f.legs++
		if !f.measured { // without metrics, who has only rung so far has not answered
			f.ignored++
		}
	})
	return l
}

// ignores: the line rang until t and nobody answered.
func (l *leg) ignores(t int64) {
	l.ses.spans("alert", l.at, t, l.queue).disconnect = "noAnswerTransfer"
	l.ses.emits(t, "tAlert", t-l.at)
	l.ses.emits(t, "tNotResponding", t-l.at)
	rung := t - l.at
	l.tell(t, func(f *legFacts) { f.ignored, f.disconnect = true, "noAnswerTransfer"; f.alert.add(rung) })
	l.s.tell(t, func(f *facts) {
		if f.measured {
			f.ignored++
		}
	})
	l.at = t
}

// answers: the agent takes it at t, out of the queue visit v if there is one.
func (l *leg) answers(t int64, v *visit) {
	if t > l.at && !l.bare {
		l.ses.spans("alert", l.at, t, l.queue)
		l.ses.emits(t, "tAlert", t-l.at)
		rung := t - l.at
		l.tell(t, func(f *legFacts) { f.alert.add(rung) })
	}
	l.at, l.answered = t, true
	l.tell(t, func(f *legFacts) { f.answered = true })
	l.s.handlers = append(l.s.handlers, l)
	l.s.tell(t, func(f *facts) {
		f.serves(l)
		if !f.measured {
			f.ignored--
		}
		if l.unanswered > 0 {
			f.segments.add(l.unanswered)
		}
	})
	if v != nil {
		l.takes(v, t)
	}
}

// takes ends the wait of a queue visit with an answer.
func (l *leg) takes(v *visit, t int64) {
	wait := t - v.from
	late := wait > v.q.Target.Milliseconds()
	v.ends(t, "transfer", "")
	l.ses.routed = true
	l.ses.emits(t, "tAnswered", wait)
	if late {
		l.ses.emits(t, "nOverSla", 1)
	}
	l.tell(t, func(f *legFacts) { f.wait.add(wait) })
	v.tell(t, func(f *visitFacts) { f.outcome, f.wait, f.late, f.by = "answered", wait, late, l.user })
	l.s.tell(t, func(f *facts) {
		f.answered++
		f.answerMs += wait
		f.waited(wait)
		if late {
			f.over++
		}
	})
}

// spends adds a segment until t.
func (l *leg) spends(kind string, t int64) *segment {
	ms := t - l.at
	g := l.ses.spans(kind, l.at, t, l.queue)
	l.at = t
	if l.answered {
		l.s.tell(t, func(f *facts) { f.segments.add(ms) })
	} else {
		l.unanswered += ms
	}
	return g
}

// dials: the agent's line calls the customer until t.
func (l *leg) dials(t int64) {
	ms := t - l.at
	l.spends("dialing", t)
	l.dialing += ms
	l.measures(t, "tDialing", ms)
	l.tell(t, func(f *legFacts) { f.dialing.add(ms) })
}

// measures emits a metric of a leg that is measured.
func (l *leg) measures(t int64, name string, v int64) {
	if !l.bare {
		l.ses.emits(t, name, v)
	}
}

// speaks: agent and customer talk until t.
func (l *leg) speaks(t int64) *segment {
	ms := t - l.at
	g := l.spends("interact", t)
	l.talk, l.talks = l.talk+ms, l.talks+1
	l.measures(t, "tTalk", ms)
	l.tell(t, func(f *legFacts) { f.talk.add(ms) })
	if !l.bare && l.s.measured {
		l.s.tell(t, func(f *facts) { f.talk.add(ms) })
	}
	return g
}

// hangs: the customer is on hold until t.
func (l *leg) hangs(t int64) {
	ms := t - l.at
	l.spends("hold", t)
	l.held, l.holds = l.held+ms, l.holds+1
	l.measures(t, "tHeld", ms)
	l.tell(t, func(f *legFacts) { f.hold.add(ms) })
	if l.s.measured {
		l.s.tell(t, func(f *facts) { f.hold.add(ms) })
	}
}

// leaves ends the leg's line.
func (l *leg) leaves(disconnect string) {
	l.ses.segments[len(l.ses.segments)-1].disconnect = disconnect
	talk, held, done := l.talk, l.held, l.s.measured && !l.bare
	if l.talks > 0 {
		l.measures(l.at, "tTalkComplete", talk)
	}
	if l.holds > 0 {
		l.measures(l.at, "tHeldComplete", held)
	}
	spoke, hung := l.talks > 0, l.holds > 0
	l.tell(l.at, func(f *legFacts) {
		f.disconnect = disconnect
		if spoke {
			f.talkDone.add(talk)
		}
		if hung {
			f.holden.add(held)
		}
	})
	l.s.tell(l.at, func(f *facts) {
		if done && l.talks > 0 {
			f.talkDone.add(talk)
		}
		if done && l.holds > 0 {
			f.holden.add(held)
		}
	})
}

// wrapsUp is the after-call work, ms long, and the end of the leg's handling.
func (l *leg) wrapsUp(ms int64, code string) {
	t := l.at + ms
	g := l.ses.spans("wrapup", l.at, t, l.queue)
	g.wrapup = code
	l.acw, l.at = ms, t
	l.measures(t, "tAcw", ms)
	l.tell(t, func(f *legFacts) { f.wrapup = code; f.acw.add(ms) })
	measured := l.s.measured
	l.s.tell(t, func(f *facts) {
		if l.answered {
			f.segments.add(ms)
			f.wrapups.add(ms)
		}
		if measured {
			f.acw.add(ms)
		}
		if f.lastLeg == l {
			f.wrapup = code
		}
	})
	l.done()
}

// done closes the account of the leg's time.
func (l *leg) done() {
	sum := l.dialing + l.talk + l.held + l.acw
	l.measures(l.at, "tHandle", sum)
	l.tell(l.at, func(f *legFacts) { f.handle.add(sum) })
	if l.s.measured && !l.bare {
		l.s.tell(l.at, func(f *facts) { f.handle.add(sum) })
	}
}

// finishes does the after-call work as agents do: mostly briefly, sometimes not at all.
func (l *leg) finishes(m manner) {
	d := l.s.d
	code := pick(d, l.s.w.codes).ID
	switch u := d.Float64(); {
	case u < 0.08:
		l.done()
	case u < 0.16:
		l.wrapsUp(0, code)
	case u < 0.22:
		l.wrapsUp(minute, timeoutCode)
	default:
		l.wrapsUp(d.span(m.acw), code)
	}
}
