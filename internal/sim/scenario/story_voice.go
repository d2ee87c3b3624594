package scenario

// voice is a telephone call.
func (s *story) voice() {
	mix := s.w.cfg.Shares
	u := s.d.Float64()
	if u < mix.Outbound {
		s.outbound()
		return
	}
	if u -= mix.Outbound; u < mix.Internal {
		s.internal()
		return
	}
	s.measured = !s.d.chance(mix.OldStyle)
	c := s.contacts(s.start, onVoice, "inbound", "customer")
	if t, on := s.greet(c, onVoice, s.start+s.d.between(50, 400)); on {
		s.serve(c, onVoice, t)
	}
}

// outbound: somebody in the centre calls. Agents call on behalf of a queue; users call without any routing.
func (s *story) outbound() {
	s.direction = "outbound"
	s.tell(s.start, func(f *facts) { f.firstMedia = "voice" })
	if s.d.chance(0.25) {
		s.directCall()
		return
	}
	u, q := s.w.anAgent(s.d, s.start), s.w.aQueue(s.d, s.start, nil)
	s.divisions[0] = q.DivisionID
	l := s.attends(s.start, s.joins(s.start, "agent", u), q, onVoice, "outbound")
	l.ses.emits(s.start, "nOutbound", 1)
	rung := s.start + 2*second + s.d.span(10*second)
	c := s.contacts(s.start+200, onVoice, "outbound", "customer")
	if s.d.chance(0.25) { // nobody picks up
		l.dials(rung)
		l.leaves("client")
		c.leaves(rung, "peer")
		l.finishes(onVoice)
		return
	}
	if s.d.chance(0.3) { // a campaign contacts before it dials
		l.contactsFor(2 * second)
		rung += 2 * second
	}
	l.dials(rung)
	l.answers(rung, nil)
	s.stretch(onVoice, l)
	s.partCompany(c, onVoice, l)
}

// contactsFor: the system looks for the customer for so long.
func (l *leg) contactsFor(ms int64) {
	t := l.at + ms
	l.spends("contacting", t)
	l.dialing += ms
	l.measures(t, "tContacting", ms)
	l.tell(t, func(f *legFacts) { f.contacting.add(ms) })
}

// directCall is a user's call to somebody outside. Nothing is routed, so no handling is measured.
func (s *story) directCall() {
	u := s.w.anAgent(s.d, s.start)
	p := s.joins(s.start, "user", u)
	l := s.attends(s.start, p, nil, onVoice, "outbound")
	l.bare = true
	l.ses.emits(s.start, "nConnected", 1)
	s.presents(p, s.start)
	rung := s.start + 2*second + s.d.span(6*second)
	c := s.contacts(s.start+150, onVoice, "outbound", "external")
	l.dials(rung)
	l.answers(rung, nil)
	l.speaks(rung + 3*second + s.d.span(2*minute))
	s.hangsUp(c, l, "endpoint")
}

// internal: a user is the caller. Another user's line is no agent's; a queue's agent is one.
func (s *story) internal() {
	s.direction = "outbound"
	u := s.w.anAgent(s.d, s.start)
	p := s.joins(s.start, "user", u)
	ses := p.opens(s, s.start, "voice", "outbound")
	ses.begins("interact", s.start, nil)
	ses.emits(s.start, "nConnected", 1)
	s.presents(p, s.start)
	s.tell(s.start, func(f *facts) { f.firstMedia = "voice" })
	if s.d.chance(0.5) {
		t := s.start + 10*second + s.d.span(2*minute)
		other := s.joins(s.start, "user", s.w.anAgent(s.d, s.start, u)).opens(s, s.start+100, "voice", "inbound")
		other.spans("alert", s.start+100, s.start+3*second, nil)
		other.spans("interact", s.start+3*second, t, nil).disconnect = "peer"
		ses.ends(t, "client")
		return
	}
	q := s.w.aQueue(s.d, s.start, nil)
	s.divisions[0] = q.DivisionID
	l := s.reaches(s.waits(s.start+80, q, onVoice), onVoice)
	l.speaks(l.at + 5*second + s.d.span(2*minute))
	ses.ends(l.at, "client")
	l.leaves("peer")
	l.finishes(onVoice)
}

// turnsToCallback: tired of waiting, the caller asks to be called back.
func (s *story) turnsToCallback(c *caller, v *visit) {
	t := v.from + 3*second + s.d.span(onVoice.wait)
	v.flowsOut(t, "CALLBACK")
	c.leaves(t, "transfer")
	c.returns(t+5, onCallback, "inbound")
	s.callsBack(c, s.waits(t+10, v.q, onCallback))
}

// webCallback: the customer asks for a call on the web site.
func (s *story) webCallback() {
	c := s.contacts(s.start, onCallback, "inbound", "customer")
	q := s.w.aQueue(s.d, s.start, nil)
	s.divisions[0] = q.DivisionID
	v := s.waits(s.start+20, q, onCallback)
	if s.d.chance(s.w.cfg.Shares.Abandon) {
		s.givesUp(c, onCallback, v)
		return
	}
	s.callsBack(c, v)
}

// callsBack: an agent takes the callback and dials the customer: two sessions of one agent. What the callback session restates
// of the call (tActiveCallback) is nobody's handling.
func (s *story) callsBack(c *caller, v *visit) {
	cb := s.reaches(v, onCallback)
	cb.spends("interact", cb.at+2*second)
	call := s.attends(cb.at, cb.p, cb.queue, onVoice, "outbound")
	call.ses.peer = cb.ses
	rung := call.at + 3*second + s.d.span(8*second)
	call.dials(rung)
	if s.d.chance(0.2) { // not reached
		call.leaves("noAnswerTransfer")
		call.done()
		cb.at = rung
		c.leaves(rung, "peer")
		cb.leaves("client")
		s.tell(rung, func(f *facts) { f.hungUp = "agent" })
		cb.finishes(onVoice)
		return
	}
	call.answers(rung, nil)
	s.stretch(onVoice, call)
	end := call.at
	cb.ses.emits(end, "tActiveCallback", end-rung)
	cb.ses.emits(end, "tActiveCallbackComplete", end-rung)
	s.partCompany(c, onCallback, call)
}
