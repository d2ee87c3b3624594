package scenario

import "slices"

// evaluation is a state of a quality evaluation from its event time on; a later state of the same id replaces it.
type evaluation struct {
	id                string
	at                int64
	status            string
	score             int64
	user              *User
	queue             *Queue
	rescored, deleted bool
	calibration       string
	formID, evaluator string
}

// survey is a state of a survey from its event time on; a later state of the same id replaces it.
type survey struct {
	id        string
	at        int64
	status    string
	completed bool
	partial   bool
	score     int64
	nps       *int64
	kind      string
	user      *User
	queue     *Queue
}

// lateFacts adds what comes after the end: evaluations and surveys.
func (s *story) lateFacts() {
	if served := s.selfServed; served != nil {
		s.tell(s.closed, func(f *facts) { f.selfServed = served })
	}
	l := s.handler()
	room := int64(s.w.cfg.SettleDays-1)*day24 - 2*hour
	if l == nil || room <= 0 {
		return
	}
	if s.d.chance(s.w.cfg.Shares.Evaluation) {
		s.evaluates(l, room)
	}
	if s.d.chance(s.w.cfg.Shares.Survey) {
		s.asks(l, room)
	}
}

// handler is a leg to be scored.
func (s *story) handler() *leg {
	if len(s.handlers) == 0 {
		return nil
	}
	return s.handlers[len(s.handlers)-1]
}

// after draws a moment within a part of the room that the settling leaves after the end.
func (s *story) after(room int64, from, to float64) int64 {
	return s.last + hour + s.d.between(int64(from*float64(room-hour)), int64(to*float64(room-hour)))
}

func (s *story) evaluates(l *leg, room int64) {
	d := s.d
	e := evaluation{
		id: d.uuid().String(), user: l.user, queue: l.queue, at: s.after(room, 0, 0.3), status: "Finished",
		score: 30 + d.high(71), formID: s.w.divisions[0], evaluator: s.w.users[s.w.leads[0]].ID,
	}
	second := e
	second.at = s.after(room, 0.31, 0.6)
	switch d.IntN(8) {
	case 0: // waiting, then done
		e.status, e.score = "Pending", 0
		s.judges(e, second)
	case 1:
		second.rescored, second.score = true, 30+d.high(71)
		s.judges(e, second)
	case 2:
		second.status = "Retracted"
		s.judges(e, second)
	case 3:
		second.deleted = true
		s.judges(e, second)
	case 4: // a calibration of the same conversation, which is nobody's score
		second.id, second.calibration, second.score = d.uuid().String(), d.uuid().String(), 7
		s.judges(e, second)
	case 5: // two evaluations
		second.id, second.score = d.uuid().String(), d.high(101)
		s.judges(e, second)
	case 6: // taken back, and then not
		third := e
		second.status = "Retracted"
		third.at, third.rescored, third.score = s.after(room, 0.61, 1), true, 30+d.high(71)
		s.judges(e, second, third)
	default:
		s.judges(e)
	}
}

// judges adds states of evaluations and tells the truth of each.
func (s *story) judges(states ...evaluation) {
	s.evaluations = append(s.evaluations, states...)
	for _, e := range states {
		s.tell(e.at, func(f *facts) {
			for i := range f.evaluations {
				if f.evaluations[i].id == e.id {
					f.evaluations[i] = e
					return
				}
			}
			f.evaluations = append(f.evaluations, e)
		})
	}
}

func (s *story) asks(l *leg, room int64) {
	d := s.d
	v := survey{
		id: d.uuid().String(), user: l.user, queue: l.queue, at: s.after(room, 0, 0.05), status: "Sent", kind: pick(d, []string{"Web", "Voice"}),
	}
	s.hears(v)
	if !d.chance(0.5) {
		if d.chance(0.3) {
			v.at, v.status = s.after(room, 0.7, 0.8), "Expired"
			s.hears(v)
		}
		return
	}
	s.answersSurvey(v, s.after(room, 0.06, 0.6))
	if d.chance(0.1) { // a second one
		v.id = d.uuid().String()
		s.answersSurvey(v, s.after(room, 0.61, 1))
	}
}

func (s *story) answersSurvey(v survey, at int64) {
	d := s.d
	v.at, v.status, v.completed = at, "Finished", true
	v.partial = d.chance(0.2)
	v.score = d.high(101)
	if d.chance(0.1) {
		v.score = 0
	}
	if d.chance(0.7) {
		v.nps = new(d.high(11))
	}
	s.hears(v)
}

// hears adds a state of a survey and tells its truth.
func (s *story) hears(v survey) {
	s.surveys = append(s.surveys, v)
	s.tell(v.at, func(f *facts) {
		for i := range f.surveys {
			if f.surveys[i].id == v.id {
				f.surveys[i] = v
				return
			}
		}
		f.surveys = append(f.surveys, v)
	})
}

// reprocess lets the source correct the after-call work of the last to answer, and with it his handle time, on an afternoon
// days later: no event tells of it.
func (s *story) reprocess(d dice) {
	if !s.measured || !d.chance(s.w.cfg.Shares.Reprocessed) {
		return
	}
	at, more := s.afternoon(d), d.between(second, 90*second)
	l := s.handler()
	if l == nil || at < s.last+hour {
		return
	}
	acw, handle := l.ses.last("tAcw"), l.ses.last("tHandle")
	if acw == nil || handle == nil {
		return
	}
	for _, m := range []*metric{acw, handle} {
		m.corrected, m.correctedAt = m.value+more, at
	}
	l.tell(at, func(f *legFacts) {
		f.acw.sum += more
		f.handle.sum += more
	})
	s.tell(at, func(f *facts) {
		f.acw.sum += more
		f.handle.sum += more
	})
}

// afternoon draws a moment at which the source changes a conversation without a word.
func (s *story) afternoon(d dice) int64 {
	ages := slices.DeleteFunc(slices.Clone(s.w.cfg.Reprocess[:]), func(age int) bool { return age == 0 })
	noon := s.w.dayStart(s.day+pick(d, ages)).UnixMilli() + 12*hour
	return noon + d.between(0, 6*hour)
}

// resolution is the source's word on whether no further contact followed.
type resolution struct {
	at      int64
	user    *User
	queue   *Queue
	avoided int64
}

// resolves lets the source decide, on an afternoon days later, whether this was the customer's last contact about its matter,
// and now and then decide again. No event tells of it.
func (s *story) resolves(d dice) {
	l := s.handler()
	if l == nil || !d.chance(s.w.cfg.Shares.Resolution) {
		return
	}
	first := resolution{at: s.afternoon(d), user: l.user, queue: l.queue, avoided: d.between(0, 2)}
	if first.at < s.last+hour {
		return
	}
	s.resolutions = append(s.resolutions, first)
	if d.chance(0.2) { // shown before the older one
		again := first
		again.at, again.avoided = first.at+d.between(minute, hour), 1-first.avoided
		s.resolutions = []resolution{again, first}
	}
}

// last gives the last metric of a name; nil if there is none.
func (ses *session) last(name string) *metric {
	for i := range slices.Backward(ses.metrics) {
		if ses.metrics[i].name == name {
			return &ses.metrics[i]
		}
	}
	return nil
}

// scores gives the newest judgements that count.
func (f *facts) scores(t *Truth) {
	var best *evaluation
	for i := range f.evaluations {
		e := &f.evaluations[i]
		if e.status == "Finished" && !e.deleted && e.calibration == "" && (best == nil || e.at > best.at) {
			best = e
		}
	}
	if best != nil {
		t.QaScore, t.EvaluationID = new(float64(best.score)), &best.id
	}
	var last *survey
	for i := range f.surveys {
		if v := &f.surveys[i]; v.completed && (last == nil || v.at > last.at) {
			last = v
		}
	}
	if last != nil {
		t.CsatScore, t.SurveyID, t.SurveyPartial, t.Nps = new(float64(last.score)), &last.id, &last.partial, last.nps
	}
}
