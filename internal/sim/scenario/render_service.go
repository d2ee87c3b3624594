package scenario

// service writes the story in the shape of the conversation service, which differs from that of analytics.
func (p *pen) service(id string) {
	s := p.s
	p.open('{')
	p.text("id", id)
	p.moment("startTime", s.start)
	end, ended := s.end(p.at)
	if ended {
		p.moment("endTime", end)
	}
	p.text("recordingState", "NONE")
	p.text("state", state(ended))
	p.key("divisions")
	p.open('[')
	for _, d := range s.divisions {
		p.next()
		p.open('{')
		p.key("division")
		p.open('{')
		p.text("id", d)
		p.shut('}')
		p.shut('}')
	}
	p.shut(']')
	p.key("participants")
	p.open('[')
	for _, who := range s.parts {
		if who.sessions[0].from <= p.at {
			p.next()
			p.servant(who)
		}
	}
	p.shut(']')
	p.shut('}')
}

func state(ended bool) string {
	if ended {
		return "disconnected"
	}
	return "connected"
}

// communications are the lists in which the service keeps a participant's sessions.
var communications = []struct{ media, list string }{
	{"voice", "calls"}, {"callback", "callbacks"}, {"chat", "chats"}, {"email", "emails"}, {"message", "messages"},
}

func (p *pen) servant(who *participant) {
	p.open('{')
	p.id("id", who.id)
	p.moment("startTime", who.sessions[0].from)
	p.text("name", who.name)
	p.text("purpose", who.purpose)
	p.text("userId", who.userID())
	p.text("externalContactId", who.externalContactID)
	p.text("queueId", who.sessions[0].queueID())
	p.wrapup(who)
	if len(who.attributes) == 0 {
		p.key("attributes")
		p.b = append(p.b, "{}"...)
	} else {
		p.attributesOf(who, false)
	}
	for _, c := range communications {
		p.communication(who, c.media, c.list)
	}
	p.shut('}')
}

// wrapup writes the wrap-up of the participant's last session that has one.
func (p *pen) wrapup(who *participant) {
	for _, ses := range who.sessions {
		for _, g := range ses.segments {
			if g.wrapup == "" || g.end > p.at {
				continue
			}
			p.key("wrapup")
			p.open('{')
			p.text("code", g.wrapup)
			p.whole("durationSeconds", (g.end-g.start)/second)
			p.moment("endTime", g.end)
			p.shut('}')
			return
		}
	}
}

func (p *pen) communication(who *participant, media, list string) {
	p.key(list)
	p.open('[')
	for _, ses := range who.sessions {
		if ses.media != media || ses.from > p.at {
			continue
		}
		last := ses.lineEnd()
		p.next()
		p.open('{')
		p.id("id", ses.id)
		p.text("direction", ses.direction)
		p.text("state", state(last.end != 0 && last.end <= p.at))
		p.moment("startTime", ses.from)
		p.moment("endTime", last.end)
		if last.end != 0 && last.end <= p.at {
			p.text("disconnectType", last.disconnect)
		}
		p.shut('}')
	}
	p.shut(']')
}

// lineEnd is the segment with which the session's line ends: the last but for a wrap-up.
func (ses *session) lineEnd() segment {
	n := len(ses.segments)
	for n > 1 && ses.segments[n-1].kind == "wrapup" {
		n--
	}
	return ses.segments[n-1]
}
