package scenario

// serve takes the customer through a queue to an agent, or not.
func (s *story) serve(c *caller, m manner, t int64) {
	mix := s.w.cfg.Shares
	q := s.w.aQueue(s.d, t, nil)
	if s.reopened == 0 {
		s.divisions[0] = q.DivisionID
	}
	v := s.waits(t, q, m)
	u := s.d.Float64()
	if u < mix.Abandon {
		s.givesUp(c, m, v)
		return
	}
	if u -= mix.Abandon; u < mix.FlowOut {
		s.overflows(c, m, v)
		return
	}
	if u -= mix.FlowOut; u < mix.ToCallback && m.media == "voice" && s.measured {
		s.turnsToCallback(c, v)
		return
	}
	s.converse(c, m, s.reaches(v, m))
}

// givesUp: the customer leaves the queue, sometimes while an agent's line rings, sometimes at once.
func (s *story) givesUp(c *caller, m manner, v *visit) {
	t := v.from + 1500 + s.d.span(m.wait)
	if s.d.chance(0.2) {
		t = v.from + s.d.between(800, shortAbandon)
	}
	if s.measured && s.d.chance(0.2) && t-v.from > 3*second {
		l := s.rings(t-2*second, s.w.anAgent(s.d, t), v.q, m)
		l.ses.spans("alert", l.at, t, v.q).disconnect = "peer"
		l.ses.emits(t, "tAlert", t-l.at)
		rung := t - l.at
		l.tell(t, func(f *legFacts) { f.disconnect = "peer"; f.alert.add(rung) })
	}
	v.abandoned(t, pick(s.d, []string{"peer", "peer", "endpoint"}))
	c.leaves(t, pick(s.d, m.byes))
}

// overflows: the queue hands over to voicemail or to another queue.
func (s *story) overflows(c *caller, m manner, v *visit) {
	t := v.from + 5*second + s.d.span(m.wait)
	if m.media == "voice" && s.d.chance(0.5) {
		v.flowsOut(t, "VOICEMAIL")
		r := s.enters(t, s.w.flows[5], "ivr", m)
		t += 2*second + s.d.span(30*second)
		r.exits(t, "DISCONNECT", "endpoint")
		c.leaves(t, "endpoint")
		return
	}
	v.flowsOut(t, "ACD")
	next := s.waits(t+20, s.w.aQueue(s.d, t, v.q), m)
	s.converse(c, m, s.reaches(next, m))
}

// reaches gives the visit's agent; the first line may ring in vain.
func (s *story) reaches(v *visit, m manner) *leg {
	t := v.from + 100 + s.d.span(m.wait)
	first := s.w.anAgent(s.d, t)
	l := s.rings(t, first, v.q, m)
	if s.d.chance(s.w.cfg.Shares.NoAnswer) {
		t += s.d.between(10*second, 30*second)
		l.ignores(t)
		if s.measured && s.d.chance(0.3) { // a known trap: after-call work of a leg that never answered
			l.wrapsUp(57*second, timeoutCode)
		}
		t += s.d.between(100, 4000)
		l = s.rings(t, s.w.anAgent(s.d, t, first), v.q, m)
	}
	l.answers(t+s.d.between(500, 12*second), v)
	return l
}

// converse is all that agents and customer do together, from an answer to the end.
func (s *story) converse(c *caller, m manner, l *leg) {
	mix := s.w.cfg.Shares
	s.stretch(m, l)
	voice := m.media == "voice"
	switch u := s.d.Float64(); {
	case u < mix.Transfer*(1-mix.Consult):
		s.blindTransfer(c, m, l)
	case u < mix.Transfer && voice:
		s.consults(c, m, l)
	case u < mix.Transfer+mix.Conference && voice:
		s.confers(c, m, l)
	default:
		s.partCompany(c, m, l)
	}
}

// stretch is a stretch of talk, with a hold in it perhaps.
func (s *story) stretch(m manner, l *leg) {
	from := l.at
	if m.stays > 0 {
		l.speaks(l.at + m.stays)
		return
	}
	l.speaks(l.at + 3*second + s.d.span(m.talk))
	if m.media != "email" && s.d.chance(s.w.cfg.Shares.Hold) {
		l.hangs(l.at + second + s.d.span(45*second))
		if s.d.chance(0.85) {
			l.speaks(l.at + second + s.d.span(m.talk/2))
		}
	}
	if m.media == "voice" && s.measured && s.d.chance(s.w.cfg.Shares.Supervised) {
		s.supervises(m, l, from)
	}
}

// partCompany ends the talk: one of the two hangs up, or neither.
func (s *story) partCompany(c *caller, m manner, l *leg) {
	u := s.d.Float64()
	switch {
	case s.odd == oddEnum:
		c.leaves(l.at, "hologramTransfer")
		l.leaves("peer")
	case u < 0.60 && m.media != "email":
		s.hangsUp(c, l, pick(s.d, m.byes))
	case u > 0.94 && m.media != "email":
		c.leaves(l.at, pick(s.d, []string{"timeout", "system", "transportFailure"}))
		l.leaves("peer")
	default:
		c.leaves(l.at, "peer")
		l.leaves("client")
		s.tell(l.at, func(f *facts) { f.hungUp = "agent" })
	}
	l.finishes(m)
}

// hangsUp: the customer ends it.
func (s *story) hangsUp(c *caller, l *leg, bye string) {
	c.leaves(l.at, bye)
	l.leaves("peer")
	s.tell(l.at, func(f *facts) { f.hungUp = "customer" })
}

// blindTransfer: the agent passes the customer on to another queue and is rid of him.
func (s *story) blindTransfer(c *caller, m manner, a *leg) {
	t := a.at
	if last := a.ses.segments[len(a.ses.segments)-1]; last.kind == "hold" {
		t += second
		a.speaks(t)
	}
	a.leaves("transfer")
	a.ses.emits(t, "nTransferred", 1)
	a.ses.emits(t, "nBlindTransferred", 1)
	a.tell(t, func(f *legFacts) { f.transfers, f.blind = f.transfers+1, f.blind+1 })
	s.tell(t, func(f *facts) { f.passedOn, f.transfers, f.blind = true, f.transfers+1, f.blind+1 })
	a.finishes(m)
	v := s.waits(t+15, s.w.aQueue(s.d, t, a.queue), m)
	if s.d.chance(0.1) && s.measured {
		s.givesUp(c, m, v)
		return
	}
	b := s.reaches(v, m)
	m.stays = 0
	s.stretch(m, b)
	s.partCompany(c, m, b)
}

// consults: the agent asks a colleague, directly or by way of a queue, and then passes the customer on or takes him back.
func (s *story) consults(c *caller, m manner, a *leg) {
	t := a.at
	a.ses.emits(t, "nConsult", 1)
	a.tell(t, func(f *legFacts) { f.asked++ })
	var b *leg
	if s.d.chance(0.5) {
		b = s.reaches(s.waits(t, s.w.aQueue(s.d, t, a.queue), m), m)
	} else {
		b = s.rings(t+second, s.w.anAgent(s.d, t, a.user), a.queue, m)
		b.answers(b.at+4*second, nil)
	}
	t = b.at + 5*second + s.d.span(20*second)
	a.speaks(t)
	if s.d.chance(0.3) {
		b.speaks(t)
		b.leaves("peer")
		b.done()
		a.speaks(t + 2*second + s.d.span(m.talk/4))
		s.hangsUp(c, a, pick(s.d, m.byes))
		a.finishes(m)
		return
	}
	a.leaves("consultTransfer")
	a.ses.emits(t, "nTransferred", 1)
	a.ses.emits(t, "nConsultTransferred", 1)
	a.tell(t, func(f *legFacts) { f.transfers, f.consults = f.transfers+1, f.consults+1 })
	s.tell(t, func(f *facts) { f.passedOn, f.transfers, f.consults = true, f.transfers+1, f.consults+1 })
	a.finishes(m)
	s.stretch(m, b)
	s.partCompany(c, m, b)
}

// confers: a second agent joins and stays to the end.
func (s *story) confers(c *caller, m manner, a *leg) {
	b := s.rings(a.at, s.w.anAgent(s.d, a.at, a.user), a.queue, m)
	b.answers(b.at+3*second, nil)
	a.speaks(b.at)
	end := b.at + 5*second + s.d.span(m.talk/2)
	a.speaks(end).conference = true
	b.speaks(end).conference = true
	b.leaves("peer")
	s.hangsUp(c, a, pick(s.d, m.byes))
	a.finishes(m)
	b.finishes(m)
}

// supervises: a lead listens in, coaches or barges in while l talks, once or several times. That is no handling, even where the
// lead who barges in talks to the customer himself; whom he supervises is not always said.
func (s *story) supervises(m manner, l *leg, from int64) {
	p := s.joins(from, "agent", &s.w.users[pick(s.d, s.w.leads)])
	ses := p.opens(s, from+second, m.media, "outbound")
	kind, metric := "monitoring", "tMonitoring"
	switch s.d.IntN(3) {
	case 0:
		ses.monitors = l.p
	case 1:
		ses.coaches, kind, metric = l.p, "coaching", "tCoaching"
	default:
		ses.barges, kind, metric = l.p, "barging", "tBarging"
	}
	d := s.dice(streamSupervision, uint64(len(s.parts)))
	if d.chance(0.2) {
		ses.monitors, ses.coaches = nil, nil
	}
	t, whole := from+second, int64(0)
	for again := true; again; again = t+second <= l.at && d.chance(0.4) {
		end := d.between(t+second, l.at+1)
		ses.spans(kind, t, end, l.queue)
		ses.emits(end, metric, end-t)
		t, whole = end, whole+end-t
	}
	if kind == "barging" && t < l.at {
		ses.spans("interact", t, l.at, l.queue).conference = true
	}
	if kind != "barging" {
		ses.emits(t, metric+"Complete", whole)
	}
	ses.segments[len(ses.segments)-1].disconnect = "client"
}
