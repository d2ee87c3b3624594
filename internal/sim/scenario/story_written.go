package scenario

// chat is a web chat.
func (s *story) chat() {
	s.measured = !s.d.chance(s.w.cfg.Shares.OldStyle)
	c := s.contacts(s.start, onChat, "inbound", "customer")
	if t, on := s.greet(c, onChat, s.start+s.d.between(2, 40)); on {
		s.serve(c, onChat, t)
	}
}

// message is a conversation by messenger, which may last for a day, and in a world that takes its time for weeks.
func (s *story) message() {
	m := onMessage
	m.messageType = pick(s.d, []string{"sms", "whatsapp", "webmessaging", "webmessaging", "facebook", "open"})
	if s.d.chance(s.w.cfg.Shares.LongOpen) {
		m.stays = s.d.between(10*hour, 36*hour)
		if settle := int64(s.w.cfg.SettleDays); settle > week && s.d.chance(0.4) {
			m.stays = s.d.between(2*day24, (settle-1)*day24)
			if s.d.chance(0.4) {
				m.stays = s.d.between((settle-5)*day24, (settle-1)*day24)
			}
		}
	}
	c := s.contacts(s.start, m, "inbound", "customer")
	if t, on := s.greet(c, m, s.start+s.d.between(2, 40)); on {
		s.serve(c, m, t)
	}
}

// email is an e-mail and its answer; the customer may write again days later, which opens the same conversation again.
func (s *story) email() {
	m := onEmail
	if s.d.chance(s.w.cfg.Shares.LongOpen) {
		m.wait = 4 * hour
	}
	c := s.contacts(s.start, m, "inbound", "customer")
	s.serve(c, m, s.start+s.d.between(20, 900))
	if !s.d.chance(s.w.cfg.Shares.Reopened) {
		return
	}
	s.closes()
	days := int64(max(1, s.w.cfg.SettleDays-3))
	t := s.closed + s.d.between(20*hour, days*day24)
	s.reopened = t
	s.tell(t, func(f *facts) { f.ended = 0 })
	c.returns(t, onEmail, "inbound")
	s.serve(c, onEmail, t+s.d.between(20, 900))
}
