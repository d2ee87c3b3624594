package scenario

// passage is a conversation's way through a flow.
type passage struct {
	s    *story
	ses  *session
	from int64
	bot  bool
}

// enters takes the conversation into a flow at t; purpose is that of the participant who stands for it.
func (s *story) enters(t int64, f flowKind, purpose string, m manner) *passage {
	p := s.joins(t, purpose, nil)
	p.name = f.name
	r := &passage{s: s, ses: p.opens(s, t, m.media, "inbound"), from: t, bot: f.bot}
	r.ses.messageType = m.messageType
	r.ses.flow = &flowRun{flowKind: f}
	kind := "interact"
	if m.media == "voice" {
		kind = "ivr"
	}
	r.ses.begins(kind, t, nil)
	r.ses.emits(t, "nFlow", 1)
	if f.bot {
		r.ses.emits(t, "nBotInteractions", 1)
	}
	s.tell(t, func(x *facts) {
		x.bot = x.bot || f.bot
		if x.flow == nil {
			x.flow = &f
		}
	})
	return r
}

// exits leaves the flow at t.
func (r *passage) exits(t int64, exit, disconnect string) {
	r.ses.flow.exit, r.ses.flow.ended = exit, t
	r.achieves(t)
	r.ses.ends(t, disconnect)
	r.ses.emits(t, "tFlow", t-r.from)
	if r.ses.media == "voice" {
		r.ses.emits(t, "tIvr", t-r.from)
	}
	if exit == "TRANSFER" {
		r.ses.flow.transfer = "ACD"
		r.ses.emits(t, "tFlowExit", t-r.from)
		return
	}
	r.ses.emits(t, "tFlowDisconnect", t-r.from)
	if exit == "USER_EXIT" {
		return
	}
	r.s.tell(t, func(f *facts) { f.cut = true })
}

// outcome is something that a flow was to achieve, and whether it did.
type outcome struct {
	id, value     string
	from, decided int64
	reached       bool // known when: a failure's end may be missing
}

// achieves lets a flow that is left at t have recorded what it achieved on the way.
func (r *passage) achieves(t int64) {
	d := r.s.dice(streamOutcome, uint64(len(r.s.parts)))
	if !d.chance(r.s.w.cfg.Shares.Outcome) {
		return
	}
	for range 1 + d.IntN(3) {
		o := outcome{id: pick(d, r.s.w.outcomes), value: "SUCCESS", from: d.between(r.from, t+1), reached: true}
		o.decided = d.between(o.from, t+1)
		if d.chance(0.3) {
			o.value, o.reached = "FAILURE", d.chance(0.5)
			r.ses.emits(o.decided, "nFlowOutcomeFailed", 1)
		}
		r.ses.flow.outcomes = append(r.ses.flow.outcomes, o)
		r.ses.emits(o.decided, "nFlowOutcome", 1)
		r.ses.emits(o.decided, "tFlowOutcome", o.decided-o.from)
	}
}

// greet takes the customer through a menu or a bot before anybody else; it gives when he comes out, and false if that was all.
func (s *story) greet(c *caller, m manner, t int64) (int64, bool) {
	mix := s.w.cfg.Shares
	if m.media != "email" && s.measured && s.d.chance(mix.Bot) {
		return s.meetsBot(c, m, t)
	}
	if m.media != "voice" || !s.measured || !s.d.chance(mix.IVR) {
		return t, true
	}
	r := s.enters(t, s.w.flows[s.d.IntN(2)], "ivr", m)
	t += second + s.d.span(20*second)
	if s.d.chance(mix.IVRExit) {
		r.exits(t, pick(s.d, []string{"DISCONNECT", "FLOW_ERROR_DISCONNECT"}), "peer")
		c.leaves(t, "endpoint")
		return t, false
	}
	r.exits(t, "TRANSFER", "transfer")
	return t + 30, true
}

// meetsBot lets a bot have the customer: it contains him or passes him on.
func (s *story) meetsBot(c *caller, m manner, t int64) (int64, bool) {
	flow, purpose := s.w.flows[3+s.d.IntN(2)], "botflow"
	if m.media == "voice" {
		flow = s.w.flows[2]
		purpose = pick(s.d, []string{"botflow", "ivr"}) // a voice bot may hide behind the menu's participant
	}
	r := s.enters(t, flow, purpose, m)
	t += 5*second + s.d.span(70*second)
	contained := s.d.chance(s.w.cfg.Shares.Containment)
	if !contained {
		r.exits(t, "TRANSFER", "transfer")
		s.serves(false)
		return t + 25, true
	}
	r.exits(t, pick(s.d, []string{"DISCONNECT", "FLOW_DISCONNECT", "SESSION_EXPIRE_DISCONNECT", "USER_EXIT"}), "peer")
	c.leaves(t, pick(s.d, m.byes))
	s.serves(true)
	if s.d.chance(0.3) {
		s.says(c.p, t, "botHandled", "true")
		s.tell(t, func(f *facts) { f.botHandled = new(true) })
	}
	return t, false
}

// serves says whether the customer served himself; the source says so once the conversation has ended.
func (s *story) serves(himself bool) { s.selfServed = &himself }
