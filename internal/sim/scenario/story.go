package scenario

// story is one conversation through all its time. Its happenings add to what an interface shows (parts, evaluations, surveys)
// and, separately, tell what they mean (beats). All times are epoch ms.
type story struct {
	w         *World
	d         dice
	day       int
	index     uint32 // within the day
	start     int64
	direction string
	medium    string // of its first session
	divisions []string

	parts       []*participant
	evaluations []evaluation
	surveys     []survey
	resolutions []resolution
	selfServed  *bool // shown once it has ended
	beats       []beat

	last                       int64 // latest end of anything so far
	closed, reopened, reclosed int64 // 0: never

	measured bool // whether metrics are recorded
	odd      oddity
	broken   string
	given    identity
	isKnown  bool   // the account id is set
	passing  bool   // the next participant gets an account id too
	stale    string // which one, where the customer has his
	judged   bool   // the flow has said whether it was escalated

	handlers []*leg   // those who answered
	lines    []*leg   // every agent's part
	visits   []*visit // every stay in a queue
}

// beat is what a happening means for the truth, from its moment on.
type beat struct {
	at int64
	do func(*facts)
}

func (s *story) tell(at int64, do func(*facts)) { s.beats = append(s.beats, beat{at, do}) }

// dice gives the story's own dice of a stream of chance, so that what they decide leaves everything else as it was.
func (s *story) dice(stream uint64, more ...uint64) dice {
	return newDice(append([]uint64{s.w.cfg.Seed, stream, uint64(s.day), uint64(s.index)}, more...)...)
}

// end is the end as known at at; false while the conversation is open.
func (s *story) end(at int64) (int64, bool) {
	switch {
	case s.reclosed != 0 && s.reclosed <= at:
		return s.reclosed, true
	case s.reopened != 0 && s.reopened <= at:
		return 0, false
	default:
		return s.closed, s.closed <= at
	}
}

type participant struct {
	id                uuid
	purpose, name     string
	user              *User // nil for all but users
	externalContactID string
	attributes        []attribute
	sessions          []*session
}

type attribute struct {
	key, value string
	at         int64
}

type session struct {
	s                             *story
	id                            uuid
	peer                          *session
	media, messageType, direction string
	ani, dnis                     string
	from                          int64 // visible from then on
	monitors, coaches, barges     *participant
	flow                          *flowRun
	flowOut                       string
	flowOutAt                     int64
	routed                        bool // by a queue
	segments                      []segment
	metrics                       []metric
	measuredFrom                  int64 // when its first metric was emitted; 0: never
}

type segment struct {
	kind       string
	start, end int64 // end 0: not yet known
	queue      *Queue
	disconnect string
	wrapup     string
	conference bool
}

type metric struct {
	name  string
	value int64
	emit  int64

	corrected, correctedAt int64 // the value from a later moment on; a moment of 0 is never
}

// at is the value as shown at a moment.
func (m metric) at(t int64) int64 {
	if m.correctedAt != 0 && m.correctedAt <= t {
		return m.corrected
	}
	return m.value
}

// flowRun is one pass through a flow; how it ended shows once it has.
type flowRun struct {
	flowKind
	exit, transfer string
	ended          int64
	outcomes       []outcome
}

func (p *participant) userID() string {
	if p.user == nil {
		return ""
	}
	return p.user.ID
}

// joins adds a participant at t.
func (s *story) joins(t int64, purpose string, u *User) *participant {
	p := &participant{id: s.d.uuid(), purpose: purpose, user: u}
	s.parts = append(s.parts, p)
	if purpose != "customer" {
		s.carries(p, t)
	}
	return p
}

// opens adds a session of the participant that begins at t.
func (p *participant) opens(s *story, t int64, media, direction string) *session {
	ses := &session{s: s, id: s.d.uuid(), media: media, direction: direction, from: t}
	p.sessions = append(p.sessions, ses)
	if s.medium == "" {
		s.medium = media
	}
	s.tell(t, func(f *facts) { f.uses(media) })
	return ses
}

// spans adds a segment from a to b.
func (ses *session) spans(kind string, a, b int64, q *Queue) *segment {
	ses.segments = append(ses.segments, segment{kind: kind, start: a, end: b, queue: q})
	ses.s.last = max(ses.s.last, b)
	return &ses.segments[len(ses.segments)-1]
}

// begins starts a segment whose end is not known yet.
func (ses *session) begins(kind string, t int64, q *Queue) {
	ses.segments = append(ses.segments, segment{kind: kind, start: t, queue: q})
}

// ends finishes the running segment.
func (ses *session) ends(t int64, disconnect string) {
	last := &ses.segments[len(ses.segments)-1]
	last.end, last.disconnect = t, disconnect
	ses.s.last = max(ses.s.last, t)
}

// emits records a metric, if this conversation has any.
func (ses *session) emits(t int64, name string, value int64) {
	if ses.s.measured {
		ses.metrics = append(ses.metrics, metric{name: name, value: value, emit: t})
		if ses.measuredFrom == 0 || t < ses.measuredFrom {
			ses.measuredFrom = t
		}
	}
}

func (ses *session) queueID() string {
	for _, g := range ses.segments {
		if g.queue != nil {
			return g.queue.ID
		}
	}
	return ""
}

// tell unfolds the story of a conversation.
func (w *World) tell(n int, index uint32) *story {
	d := newDice(w.cfg.Seed, streamStory, uint64(n), uint64(index))
	s := &story{
		w: w, d: d, day: n, index: index, start: w.dayStart(n).UnixMilli() + w.startOf(n, index), direction: "inbound", measured: true,
		divisions: []string{pick(d, w.divisions)},
	}
	s.last = s.start
	if d.chance(0.2) {
		s.divisions = append(s.divisions, pick(d, w.divisions))
	}
	s.given = s.identify()
	if d.chance(w.cfg.Shares.Odd) {
		s.odd = oddity(1 + d.IntN(int(oddities)-1))
	}
	s.tell(s.start, func(f *facts) { f.measured = s.measured })
	s.unfold()
	s.closes()
	s.lateFacts()
	s.reprocess(s.dice(streamReprocess))
	s.resolves(s.dice(streamResolution))
	s.shuffle()
	if d.chance(w.cfg.Shares.Broken) {
		s.broken = s.breaks()
	}
	return s
}

// unfold draws the medium and lets the story take its course.
func (s *story) unfold() {
	mix := s.w.cfg.Shares
	u := s.d.Float64() * (mix.Voice + mix.Chat + mix.Email + mix.Message + mix.Callback)
	switch {
	case u < mix.Voice:
		s.voice()
	case u < mix.Voice+mix.Chat:
		s.chat()
	case u < mix.Voice+mix.Chat+mix.Email:
		s.email()
	case u < mix.Voice+mix.Chat+mix.Email+mix.Message:
		s.message()
	default:
		s.webCallback()
	}
}

// closes ends the conversation, or what it was opened again for, with the last thing that happened in it.
func (s *story) closes() {
	end := s.last
	if s.reopened == 0 {
		s.closed = end
	} else {
		s.reclosed = end
	}
	s.tell(end, func(f *facts) { f.ended = end })
}
