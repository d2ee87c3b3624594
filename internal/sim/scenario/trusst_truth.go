package scenario

import (
	"cmp"
	"slices"
	"time"
)

// trusstFacts gathers what the beats of a contact tell, up to a moment.
type trusstFacts struct {
	known, gone bool
	stage       string
	answers     map[int]trusstFact // by question
	recording   *TrusstRecording
	recordings  int64
}

type trusstFact struct {
	verdict
	inference string
	created   time.Time
	updated   *time.Time
}

// effective is when the answer last changed.
func (f trusstFact) effective() time.Time {
	if f.updated != nil && f.updated.After(f.created) {
		return *f.updated
	}
	return f.created
}

type trusstBeat struct {
	at time.Time
	do func(*trusstFacts)
}

func (a *analysis) tell(at time.Time, do func(*trusstFacts)) {
	a.beats = append(a.beats, trusstBeat{at, do})
}

// truth applies what was told until at, and leaves out answers to questions that are not universal then.
func (a *analysis) truth(at time.Time) trusstFacts {
	f := trusstFacts{answers: map[int]trusstFact{}}
	beats := slices.Clone(a.beats)
	slices.SortStableFunc(beats, func(x, y trusstBeat) int { return x.at.Compare(y.at) })
	for _, b := range beats {
		if !b.at.After(at) {
			b.do(&f)
		}
	}
	for q := range f.answers {
		if !a.w.universal(q, at) {
			delete(f.answers, q)
		}
	}
	return f
}

// effective is when the contact last changed as far as can be told.
func (f *trusstFacts) effective(a *analysis) time.Time {
	last := a.contact.CreatedAt
	for _, answer := range f.answers {
		if answer.effective().After(last) {
			last = answer.effective()
		}
	}
	return last
}

// answered counts the answers that say something, and those of them that do not fit their type.
func (f *trusstFacts) answered() (n, unfit int64) {
	for _, answer := range f.answers {
		if answer.status == "empty" {
			continue
		}
		n++
		if answer.status != "ok" {
			unfit++
		}
	}
	return n, unfit
}

// conversation is the row that the contact is about; nil if that cannot be told.
func (a *analysis) conversation(f *trusstFacts) *string {
	if a.contact.StreamID != "stream-cloud" {
		if f.recording == nil {
			return nil
		}
		return text("onprem:" + a.contact.StreamID + ":" + *f.recording.ConnID)
	}
	b := []byte(*a.contact.ExternalID)
	if len(b) == 38 {
		b = b[1:37] // written with a space on each side
	}
	for i, c := range b {
		if c >= 'A' && c <= 'F' {
			b[i] = c - 'A' + 'a'
		}
	}
	return text(string(b))
}

// TrusstTruth gives the rows of trusst_contacts and trusst_answers as they truly are at a moment, by their columns; nil is
// NULL. They are those of the stories, never of the tables that are shown.
func (w *World) TrusstTruth(at time.Time) (contacts, answers []map[string]any) {
	for _, a := range w.analyses(at) {
		f := a.truth(at)
		switch {
		case !f.known:
		case f.gone:
			contacts = append(contacts, map[string]any{"contact_id": a.contact.ID, "is_deleted": true})
		default:
			contacts = append(contacts, a.row(&f, trusstStream(a.contact.StreamID)))
			for q, answer := range f.answers {
				answers = append(answers, answer.row(a.contact.ID, trusstAsks[q]))
			}
		}
	}
	return contacts, answers
}

func (a *analysis) row(f *trusstFacts, s TrusstStream) map[string]any {
	c := a.contact
	answered, unfit := f.answered()
	row := map[string]any{
		"contact_id": c.ID, "conversation_id": a.conversation(f), "stream_id": s.ID, "stream_name": s.Name, "stream_type": s.Type,
		"external_id": c.ExternalID, "s3_row_count": f.recordings, "stage": f.stage, "direction": c.Direction,
		"start_time": c.StartTime, "agent_id": c.AgentID, "question_count": int64(len(f.answers)),
		"answered_question_count": answered, "unconverted_count": unfit, "created_at": c.CreatedAt,
		"effective_at": f.effective(a), "is_deleted": false,
	}
	if r := f.recording; r != nil {
		row["conn_id"], row["s3_conversation_id"], row["s3_agent_id"], row["call_time"] = r.ConnID, r.ID, r.AgentID, r.CallTime
	}
	return row
}

func (f trusstFact) row(contact string, q TrusstQuestion) map[string]any {
	return map[string]any{
		"contact_id": contact, "question_id": q.ID, "question_key": q.Key, "question_group": q.Group, "result_type": q.ResultType,
		"result": f.result, "number": f.number, "truth": f.verdict.truth, "conversion_status": f.status, "inference_id": f.inference,
		"created_at": f.created, "updated_at": f.updated, "effective_at": f.effective(),
	}
}

// TrusstByContact gives the cells of trusst_answers_by_contact as they truly are at a moment: columns gives the names of the three
// columns of a question key.
func (w *World) TrusstByContact(at time.Time, columns map[string][3]string) []map[string]any {
	asked := map[string]int{}
	for q, ask := range trusstAsks {
		if w.universal(q, at) {
			asked[ask.Key]++
		}
	}
	var rows []map[string]any
	for _, a := range w.analyses(at) {
		f := a.truth(at)
		if !f.known || f.gone || f.stage != "COMPLETED" {
			continue
		}
		row := a.row(&f, trusstStream(a.contact.StreamID))
		shown := map[string]any{}
		for _, name := range []string{
			"contact_id", "conversation_id", "stream_name", "stream_type", "direction", "start_time", "question_count", "answered_question_count",
		} {
			shown[name] = row[name]
		}
		for _, names := range columns {
			shown[names[0]], shown[names[1]], shown[names[2]] = nil, nil, nil
		}
		for q, answer := range f.answers {
			names, wanted := columns[trusstAsks[q].Key]
			if wanted && asked[trusstAsks[q].Key] == 1 { // of two questions with one key nobody could tell which it is
				shown[names[0]], shown[names[1]], shown[names[2]] = answer.result, answer.number, answer.verdict.truth
			}
		}
		rows = append(rows, shown)
	}
	return rows
}

func trusstStream(id string) TrusstStream {
	i := slices.IndexFunc(trusstStreams, func(s TrusstStream) bool { return s.ID == id })
	return trusstStreams[i]
}

// trusstTells adds to a ledger what Trusst knew at a moment: the counts of each conversation, and the on-premise calls.
func (w *World) trusstTells(l *Ledger, upTo, at time.Time) {
	best := map[string]int{}
	all := w.analyses(at)
	facts := make([]trusstFacts, len(all))
	for i, a := range all {
		facts[i] = a.truth(at)
		f := &facts[i]
		id := a.conversation(f)
		if !f.known || id == nil {
			continue
		}
		if a.contact.StreamID != "stream-cloud" && a.contact.StartTime.Before(upTo) {
			l.Interactions = append(l.Interactions, a.call(f, *id))
		}
		if f.gone || f.stage != "COMPLETED" {
			continue
		}
		other, again := best[*id]
		if !again || later(a, f, all[other], &facts[other]) {
			best[*id] = i
		}
	}
	for i := range l.Interactions {
		if which, ok := best[l.Interactions[i].ConversationID]; ok {
			n, _ := facts[which].answered()
			l.Interactions[i].QuestionCount, l.Interactions[i].AnsweredQuestionCount = new(int64(len(facts[which].answers))), &n
		}
	}
	slices.SortStableFunc(l.Interactions, func(x, y TruthRow) int {
		return cmp.Or(x.ConversationStart.Compare(y.ConversationStart), cmp.Compare(x.ConversationID, y.ConversationID))
	})
}

// later tells which of two contacts of one conversation counts.
func later(a *analysis, f *trusstFacts, b *analysis, g *trusstFacts) bool {
	return cmp.Or(f.effective(a).Compare(g.effective(b)), cmp.Compare(a.contact.ID, b.contact.ID)) > 0
}

// call is the row of an on-premise call.
func (a *analysis) call(f *trusstFacts, id string) TruthRow {
	source := map[string]string{"stream-pbx": "genesys_onpremise", "stream-premier": "premier_contact_point"}[a.contact.StreamID]
	start := *f.recording.CallTime
	return TruthRow{Truth: Truth{
		ConversationID: id, ConversationStart: start, DataSource: source, Direction: a.contact.Direction,
		BusinessDate: start.In(a.w.cfg.Location).Format(time.DateOnly), TimeSource: "none", WasEscalatedSource: "none", CrmIDStatus: "missing",
	}}
}
