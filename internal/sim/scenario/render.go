package scenario

// conversation writes the story in the shape of the analytics interface.
func (p *pen) conversation(id string) {
	s := p.s
	p.open('{')
	if s.broken != brokenID {
		p.text("conversationId", id)
	}
	p.start()
	if end, ended := s.end(p.at); ended {
		p.moment("conversationEnd", end)
		if s.selfServed != nil {
			p.flag("selfServed", *s.selfServed)
		}
	} else {
		p.null("conversationEnd")
	}
	p.text("originatingDirection", s.direction)
	p.texts("divisionIds", s.divisions)
	p.text("externalTag", "")
	if s.odd == oddFields {
		p.key("entanglement")
		p.b = append(p.b, `{"spin":[1,-1],"of":{"pairs":2}}`...)
	}
	p.evaluations()
	p.surveys()
	p.resolutions()
	p.participants()
	p.shut('}')
}

func (p *pen) start() {
	switch p.s.broken {
	case brokenStart:
		p.key("conversationStart")
		p.b = append(p.b, `"2021-04-2xT15:30:51.418Z"`...)
	case brokenType:
		p.whole("conversationStart", p.s.start)
	default:
		p.moment("conversationStart", p.s.start)
	}
}

func (p *pen) texts(name string, all []string) {
	p.key(name)
	p.open('[')
	for _, v := range all {
		p.next()
		p.quote(v)
	}
	p.shut(']')
}

func (p *pen) participants() {
	p.key("participants")
	if p.s.broken == brokenParties {
		p.quote("redacted")
		return
	}
	p.open('[')
	for _, who := range p.s.parts {
		if who.sessions[0].from <= p.at {
			p.next()
			p.participant(who)
		}
	}
	if p.s.odd == oddSession { // somebody of an unknown purpose, of whom next to nothing is known
		p.next()
		p.b = append(p.b, `{"purpose":"hologram","sessions":[{"mediaType":"`...)
		p.b = append(p.b, p.s.medium...)
		p.b = append(p.b, `"}]}`...)
	}
	p.shut(']')
}

func (p *pen) participant(who *participant) {
	p.open('{')
	p.id("participantId", who.id)
	p.text("participantName", who.name)
	p.text("purpose", who.purpose)
	p.text("userId", who.userID())
	p.text("externalContactId", who.externalContactID)
	if p.attributes {
		p.attributesOf(who, true)
	}
	p.key("sessions")
	p.open('[')
	for _, ses := range who.sessions {
		if ses.from <= p.at {
			p.next()
			p.session(ses)
		}
	}
	p.shut(']')
	p.shut('}')
}

func (p *pen) attributesOf(who *participant, cut bool) {
	if len(who.attributes) == 0 {
		p.null("attributes")
		return
	}
	p.key("attributes")
	p.open('{')
	for _, a := range who.attributes {
		if a.at > p.at {
			continue
		}
		value := a.value
		if cut {
			value = truncated(value)
		}
		p.key(a.key)
		p.quote(value)
	}
	p.shut('}')
}

func (p *pen) session(ses *session) {
	p.open('{')
	if p.s.odd != oddSession {
		p.id("sessionId", ses.id)
	}
	if ses.peer != nil {
		p.id("peerId", ses.peer.id)
	}
	p.text("mediaType", ses.media)
	p.text("messageType", ses.messageType)
	if ses.media != "callback" { // callbacks have no direction
		p.text("direction", ses.direction)
	}
	p.text("ani", ses.ani)
	p.text("dnis", ses.dnis)
	p.text("provider", "PureCloud")
	p.supervision(ses)
	if ses.flowOut != "" && ses.flowOutAt <= p.at {
		p.text("flowOutType", ses.flowOut)
	}
	if ses.routed {
		p.texts("requestedRoutings", standardRouting)
		p.text("usedRouting", standardRouting[0])
	}
	if ses.flow != nil {
		p.flow(ses.flow)
	}
	if p.s.odd == oddFields {
		p.text("quantumState", "superposed")
	}
	p.segments(ses)
	p.metrics(ses)
	p.shut('}')
}

var standardRouting = []string{"Standard"}

func (p *pen) supervision(ses *session) {
	switch {
	case ses.monitors != nil:
		p.id("monitoredParticipantId", ses.monitors.id)
	case ses.coaches != nil:
		p.id("coachedParticipantId", ses.coaches.id)
	case ses.barges != nil:
		p.id("bargedParticipantId", ses.barges.id)
	}
}

func (p *pen) flow(f *flowRun) {
	p.key("flow")
	p.open('{')
	p.text("flowId", f.id)
	p.text("flowName", f.name)
	p.text("flowType", f.kind)
	p.text("flowVersion", f.version)
	p.text("entryType", "direct")
	p.text("startingLanguage", "en-us")
	if f.ended != 0 && f.ended <= p.at {
		p.text("exitReason", f.exit)
		p.text("transferType", f.transfer)
	}
	p.outcomes(f)
	p.shut('}')
}

// outcomes writes what a flow has begun to achieve; whether it did shows once it is decided.
func (p *pen) outcomes(f *flowRun) {
	opened := false
	for _, o := range f.outcomes {
		if o.from > p.at {
			continue
		}
		opened = p.list("outcomes", opened)
		p.open('{')
		p.text("flowOutcomeId", o.id)
		if o.decided <= p.at {
			p.text("flowOutcomeValue", o.value)
			p.text("flowOutcome", o.id+":"+o.value)
		}
		p.moment("flowOutcomeStartTimestamp", o.from)
		if o.reached {
			p.moment("flowOutcomeEndTimestamp", o.decided)
		} else {
			p.null("flowOutcomeEndTimestamp")
		}
		p.shut('}')
	}
	p.endList("outcomes", opened)
}

func (p *pen) segments(ses *session) {
	if len(ses.segments) == 0 {
		p.null("segments")
		return
	}
	p.key("segments")
	p.open('[')
	for i := range ses.segments {
		if g := &ses.segments[i]; g.start <= p.at {
			p.next()
			p.segment(g)
		}
	}
	p.shut(']')
}

func (p *pen) segment(g *segment) {
	p.open('{')
	p.moment("segmentStart", g.start)
	p.moment("segmentEnd", g.end)
	p.text("segmentType", g.kind)
	if g.queue != nil {
		p.text("queueId", g.queue.ID)
	}
	if g.end != 0 && g.end <= p.at {
		p.text("disconnectType", g.disconnect)
		p.text("wrapUpCode", g.wrapup)
	}
	p.flag("conference", g.conference)
	p.shut('}')
}

func (p *pen) metrics(ses *session) {
	if len(ses.metrics) == 0 {
		p.null("metrics")
		return
	}
	p.key("metrics")
	p.open('[')
	for i := range ses.metrics {
		m := &ses.metrics[i]
		if m.emit > p.at {
			continue
		}
		p.next()
		p.open('{')
		p.text("name", m.name)
		if p.s.broken == brokenMetric {
			p.text("value", "many")
		} else {
			p.whole("value", m.at(p.at))
		}
		p.moment("emitDate", m.emit)
		p.shut('}')
	}
	p.shut(']')
}
