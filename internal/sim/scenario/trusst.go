package scenario

import (
	"fmt"
	"time"
)

// The world's Trusst: which conversations it analyses, and what its database holds. Everything in it happens between 04:30
// and 23:00, so that a night's reader and the ledger cannot differ about what had happened.

// TrusstDatabase is Trusst's tables as they are at a moment, in no particular order. Times are UTC by the second.
type TrusstDatabase struct {
	Streams    []TrusstStream
	Questions  []TrusstQuestion
	Contacts   []TrusstContact
	Inferences []TrusstInference
	Recordings []TrusstRecording
}

// TrusstStream is a row of streams.
type TrusstStream struct{ ID, Name, Type string }

// TrusstQuestion is a row of questions.
type TrusstQuestion struct {
	ID, Key, Text, ResultType string
	Universal, Scored         bool
	Group                     *string
	CreatedAt                 time.Time
}

// TrusstContact is a row of contacts.
type TrusstContact struct {
	ID, StreamID string
	ExternalID   *string
	StartTime    *time.Time
	Direction    *string
	Stage        string
	AgentID      *string
	CreatedAt    time.Time
}

// TrusstInference is a row of inferences.
type TrusstInference struct {
	ID, ContactID, QuestionID string
	Result                    *string
	CreatedAt                 time.Time
	UpdatedAt                 *time.Time
}

// TrusstRecording is a row of s3_conversations.
type TrusstRecording struct {
	ID, ContactID, StreamID string
	ConnID, AgentID         *string
	CallTime                *time.Time
}

var trusstStreams = []TrusstStream{
	{"stream-cloud", "Cloud voice and chat", "GenesysCloud"},
	{"stream-pbx", "Old exchange", "GenesysOnPremise"},
	{"stream-premier", "Partner", "PremierContactPoint"},
}

// trusstAsks are the questions, two of them with one key, one of a type that nobody knows, one that is universal only from
// the third day on, one that never is.
var trusstAsks = []TrusstQuestion{
	{ID: "q-01", Key: "agent_identified", Text: "Did the agent say who he is?", ResultType: "Boolean", Universal: true, Group: text("compliance")},
	{ID: "q-02", Key: "quality_score", Text: "How good was the service?", ResultType: "Rating", Universal: true, Scored: true, Group: text("quality")},
	{ID: "q-03", Key: "summary", Text: "What was it about?", ResultType: "Summary", Universal: true},
	{ID: "q-04", Key: "topic", Text: "Which topic fits best?", ResultType: "Label", Universal: true, Group: text("content")},
	{ID: "q-05", Key: "emotion", Text: "How did the customer feel?", ResultType: "Emotion", Universal: true, Group: text("content")},
	{ID: "q-06", Key: "topic", Text: "Which topic came second?", ResultType: "Label", Universal: true, Group: text("content")},
	{ID: "q-07", Key: "compliance_check", Text: "Was the notice read?", ResultType: "Boolean", Group: text("compliance")},
	{ID: "q-08", Key: "coaching", Text: "What should be coached?", ResultType: "Paragraph"},
}

const flippedQuestion, flipDay = 6, 2 // index in trusstAsks

// universal tells whether a question is put to everybody at a moment.
func (w *World) universal(q int, at time.Time) bool {
	if q == flippedQuestion {
		return !at.Before(w.dayStart(flipDay).Add(12 * time.Hour))
	}
	return trusstAsks[q].Universal
}

// analysis is one contact through all its time, told twice: as rows that come and go, and as beats.
type analysis struct {
	w          *World
	d          dice
	contact    TrusstContact
	stages     []staged
	inferences []inferred
	recordings []recorded
	gone       time.Time // when the contact is deleted with all that belongs to it; zero: never

	beats []trusstBeat
}

type staged struct {
	at    time.Time
	stage string
}

// inferred is a row of inferences from a moment to another (zero: for good); of one id the latest counts.
type inferred struct {
	from, to time.Time
	row      TrusstInference
}

type recorded struct {
	from time.Time
	row  TrusstRecording
}

func (r inferred) shows(at time.Time) bool {
	return !r.from.After(at) && (r.to.IsZero() || r.to.After(at))
}

// Trusst gives Trusst's tables as they are at a moment.
func (w *World) Trusst(at time.Time) TrusstDatabase {
	db := TrusstDatabase{Streams: trusstStreams}
	for i, q := range trusstAsks {
		q.Universal, q.CreatedAt = w.universal(i, at), w.cfg.Start.AddDate(0, -6, 0).UTC()
		db.Questions = append(db.Questions, q)
	}
	for _, a := range w.analyses(at) {
		a.show(&db, at)
	}
	return db
}

func (a *analysis) show(db *TrusstDatabase, at time.Time) {
	if a.contact.CreatedAt.After(at) || (!a.gone.IsZero() && !a.gone.After(at)) {
		return
	}
	c := a.contact
	for _, s := range a.stages {
		if !s.at.After(at) {
			c.Stage = s.stage
		}
	}
	db.Contacts = append(db.Contacts, c)
	for _, r := range a.inferences {
		if r.shows(at) {
			db.Inferences = append(db.Inferences, r.row)
		}
	}
	for _, r := range a.recordings {
		if !r.from.After(at) {
			db.Recordings = append(db.Recordings, r.row)
		}
	}
}

// analyses gives every contact of what began before a moment.
func (w *World) analyses(before time.Time) []*analysis {
	var all []*analysis
	if w.cfg.Trusst.Analysed > 0 {
		for c := range w.StartedOn(w.cfg.Start, before, before) {
			all = append(all, w.analysed(c)...)
		}
	}
	for n := range w.cfg.Days {
		for i := range w.cfg.Trusst.OnPremise {
			if a := w.onPremise(n, i); a.contact.StartTime.Before(before) {
				all = append(all, a)
			}
		}
	}
	return all
}

// analysed gives the contacts of a conversation: mostly none or one, seldom two.
func (w *World) analysed(c *Conversation) []*analysis {
	d := newDice(w.cfg.Seed, streamTrusst, uint64(c.day), uint64(c.index))
	if !d.chance(w.cfg.Trusst.Analysed) {
		return nil
	}
	s := c.story()
	external := c.ID
	switch u := d.Float64(); {
	case u < 0.05:
		external = " " + upper(external) + " "
	case u < 0.07: // of a conversation that nobody has
		external = uuidOf(w.cfg.Seed, streamTrusst, uint64(c.day), uint64(c.index), 7)
	}
	var all []*analysis
	for k := range 2 {
		if k == 1 && !d.chance(0.03) {
			break
		}
		a := &analysis{w: w, d: d, contact: TrusstContact{
			ID: fmt.Sprintf("contact-%d-%d-%d", c.day, c.index, k), StreamID: "stream-cloud", ExternalID: &external,
			StartTime: new(c.Start.Truncate(time.Second)), Direction: &s.direction, AgentID: text("agent_" + pick(d, []string{"john", "mary", "li"})),
		}}
		a.unfolds(time.UnixMilli(s.closed+d.between(5*minute, 60*minute)).AddDate(0, 0, 2*k))
		all = append(all, a)
	}
	return all
}

// upper spells a UUID in capitals.
func upper(id string) string {
	b := []byte(id)
	for i, c := range b {
		if c >= 'a' && c <= 'f' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// onPremise gives the contact of a call in another contact centre.
func (w *World) onPremise(n, i int) *analysis {
	d := newDice(w.cfg.Seed, streamOnPremise, uint64(n), uint64(i))
	start := w.officeHour(d, n)
	a := &analysis{w: w, d: d, contact: TrusstContact{
		ID: fmt.Sprintf("contact-onprem-%d-%d", n, i), StreamID: pick(d, []string{"stream-pbx", "stream-premier"}),
		StartTime: &start, Direction: text(pick(d, []string{"inbound", "outbound"})),
	}}
	if d.chance(0.5) {
		a.contact.ExternalID = text(fmt.Sprintf("pbx-%d", d.IntN(1000))) // neither unique nor a conversation
	}
	a.unfolds(start.Add(time.Duration(d.between(10*minute, 60*minute)) * time.Millisecond))
	a.records(fmt.Sprintf("%016x", hash(w.cfg.Seed, streamOnPremise, uint64(n), uint64(i))))
	return a
}

// inOffice moves a moment that lies in the night to the next morning.
func (a *analysis) inOffice(t time.Time) time.Time {
	n := a.w.dayOf(t)
	opens, closes := a.w.dayStart(n).Add(5*time.Hour), a.w.dayStart(n).Add(22*time.Hour)
	switch early := time.Duration(a.d.between(0, 3*hour)) * time.Millisecond; {
	case t.Before(opens):
		t = opens.Add(early)
	case !t.Before(closes):
		t = a.w.dayStart(n + 1).Add(5*time.Hour + early)
	}
	return t.Truncate(time.Second).UTC()
}

// daysOn draws a moment some days after another, in the hours of work.
func (a *analysis) daysOn(t time.Time, from, to int64) time.Time {
	return a.inOffice(t.AddDate(0, 0, int(a.d.between(from, to))))
}
