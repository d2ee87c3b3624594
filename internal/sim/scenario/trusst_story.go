package scenario

import (
	"fmt"
	"strconv"
	"time"
)

// unfolds tells a contact's life from when Trusst begins with it.
func (a *analysis) unfolds(begin time.Time) {
	d := a.d
	t := a.inOffice(begin)
	a.contact.CreatedAt = t
	a.tell(t, func(f *trusstFacts) { f.known = true })
	a.becomes(t, "INFERENCE")
	for q := range trusstAsks {
		a.infers(q, t.Add(time.Duration(1+q)*time.Minute))
	}
	done := t.Add(20 * time.Minute)
	if d.chance(0.1) { // it completes days later, and nothing tells of that
		done = a.daysOn(t, 1, 4)
	}
	a.becomes(done, "COMPLETED")
	switch u := d.Float64(); {
	case u < 0.08:
		a.corrects(a.daysOn(done, 1, 3))
	case u < 0.14:
		again := a.daysOn(done, 1, 3)
		a.becomes(again, "INFERENCE")
		a.infers(d.IntN(len(trusstAsks)), again.Add(2*time.Minute))
		if d.chance(0.3) {
			again = a.daysOn(again, 1, 3)
		}
		a.becomes(again.Add(20*time.Minute), "COMPLETED")
	case u < 0.17:
		a.loses(d.IntN(len(trusstAsks)), a.daysOn(done, 1, 3))
	case u < 0.19:
		a.gone = a.daysOn(done, 2, 4)
		a.tell(a.gone, func(f *trusstFacts) { f.gone = true })
	}
}

// becomes changes the stage.
func (a *analysis) becomes(t time.Time, stage string) {
	a.stages = append(a.stages, staged{t, stage})
	a.tell(t, func(f *trusstFacts) { f.stage = stage })
}

// verdict is a drawn result: what is written, and what it means.
type verdict struct {
	result *string
	number *int64
	truth  *bool
	status string
}

// judges draws a result to a question.
func (a *analysis) judges(q int) verdict {
	d := a.d
	if d.chance(0.04) {
		return verdict{result: pick(d, []*string{nil, text(" ")}), status: "empty"}
	}
	odd := d.chance(0.06)
	switch kind := trusstAsks[q].ResultType; {
	case kind == "Boolean" && odd:
		return verdict{result: text(pick(d, []string{"yes", "1", "n/a"})), status: "not_boolean"}
	case kind == "Boolean":
		yes := d.chance(0.7)
		return verdict{result: text(map[bool][]string{true: {"true", "True"}, false: {"false", "FALSE"}}[yes][d.IntN(2)]), truth: &yes, status: "ok"}
	case kind == "Rating" && odd:
		return pick(d, []verdict{
			{result: text("8/10"), status: "not_a_number"},
			{result: text("N/A"), status: "not_a_number"},
			{result: text("7.5"), status: "not_whole"},
			{result: text("11"), status: "out_of_range"},
		})
	case kind == "Rating":
		n := d.between(1, 11)
		return verdict{result: text(strconv.FormatInt(n, 10) + pick(d, []string{"", "", ".0"})), number: &n, status: "ok"}
	case kind == "Emotion":
		return verdict{result: text(pick(d, []string{"glad", "angry", "3"})), status: "unknown_type"}
	default:
		return verdict{result: text(pick(d, []string{"billing", "delivery", "He said “no”, twice;\nthen he paid."})), status: "ok"}
	}
}

// infers adds an inference; one that is there already stays, and no longer counts.
func (a *analysis) infers(q int, t time.Time) {
	v := a.judges(q)
	row := TrusstInference{
		ID:        fmt.Sprintf("%s-i%02d", a.contact.ID, len(a.inferences)),
		ContactID: a.contact.ID, QuestionID: trusstAsks[q].ID, Result: v.result, CreatedAt: t,
	}
	if a.d.chance(0.5) {
		row.UpdatedAt = &t
	}
	a.inferences = append(a.inferences, inferred{from: t, row: row})
	a.tell(t, func(f *trusstFacts) {
		f.answers[q] = trusstFact{verdict: v, inference: row.ID, created: t, updated: row.UpdatedAt}
	})
}

// corrects changes an answer in its place.
func (a *analysis) corrects(t time.Time) {
	q := a.d.IntN(len(trusstAsks))
	last := &a.inferences[q] // unfolds infers them in the order of the questions
	last.to = t
	v, row := a.judges(q), last.row
	row.Result, row.UpdatedAt = v.result, &t
	a.inferences = append(a.inferences, inferred{from: t, row: row})
	a.tell(t, func(f *trusstFacts) {
		f.answers[q] = trusstFact{verdict: v, inference: row.ID, created: row.CreatedAt, updated: &t}
	})
}

// loses deletes every inference of a question.
func (a *analysis) loses(q int, t time.Time) {
	for i := range a.inferences {
		if a.inferences[i].row.QuestionID == trusstAsks[q].ID {
			a.inferences[i].to = t
		}
	}
	a.tell(t, func(f *trusstFacts) { delete(f.answers, q) })
}

// records adds what was recorded of an on-premise call: mostly one row, seldom two, a late one, or none.
func (a *analysis) records(connection string) {
	u := a.d.Float64()
	if u < 0.03 {
		return
	}
	from := a.contact.CreatedAt
	if u < 0.08 {
		from = a.daysOn(from, 1, 3)
	}
	rows := 1
	if u > 0.93 {
		rows = 2
	}
	for k := range rows { // the later call is the one that counts
		called := a.contact.StartTime.Add(time.Duration(k) * time.Minute)
		a.recordings = append(a.recordings, recorded{from, TrusstRecording{
			ID: fmt.Sprintf("%s-s%d", a.contact.ID, k), ContactID: a.contact.ID, StreamID: a.contact.StreamID,
			ConnID: text(fmt.Sprintf("%s-%d", connection, k)), AgentID: text("john.smith"), CallTime: &called,
		}})
	}
	counts := a.recordings[rows-1].row
	a.tell(from, func(f *trusstFacts) {
		if !f.gone {
			f.recording, f.recordings = &counts, int64(rows)
		}
	})
}
