package genesys

import (
	"cmp"

	"trunkline/schema"
)

// judgements keeps what people thought of it: every evaluation and survey in whatever state, of two with one id the newer.
func (t *tree) judgements() {
	c := t.cells
	clear(t.seen)
	for i, e := range inOrder(t.f.Evaluations, func(a, b *evaluation) int { return compareMoments(b.EventTime, a.EventTime) }) {
		if t.seen[e.ID] {
			continue
		}
		t.add(&schema.Evaluation{
			ConversationID: t.f.ID, EvaluationID: t.key(e.ID, i+1), Status: c.text(e.Status), EventTime: c.moment(e.EventTime),
			UserID: c.text(e.UserID), EvaluatorID: c.text(e.EvaluatorID), AssigneeID: c.text(e.AssigneeID), QueueID: c.text(e.QueueID),
			FormID: c.text(e.FormID), FormName: c.text(e.FormName), ContextID: c.text(e.ContextID), CalibrationID: c.text(e.CalibrationID),
			Released: c.bools.copied(e.Released), Rescored: c.bools.copied(e.Rescored), Deleted: c.bools.copied(e.Deleted),
			TotalScore: c.reals.copied(e.TotalScore), TotalCriticalScore: c.reals.copied(e.TotalCriticalScore),
		})
	}
	clear(t.seen)
	for i, s := range inOrder(t.f.Surveys, func(a, b *survey) int { return compareMoments(b.EventTime, a.EventTime) }) {
		if t.seen[s.ID] {
			continue
		}
		t.add(&schema.Survey{
			ConversationID: t.f.ID, SurveyID: t.key(s.ID, i+1), Status: c.text(s.Status), SurveyType: c.text(s.Type),
			EventTime: c.moment(s.EventTime), CompletedAt: c.moment(s.CompletedDate), IsPartial: c.bools.copied(s.Partial),
			UserID: c.text(s.UserID), QueueID: c.text(s.QueueID), FormID: c.text(s.FormID), FormContextID: c.text(s.FormContextID),
			FormName: c.text(s.FormName), PromoterScore: c.ints.copied(s.PromoterScore), TotalScore: c.reals.copied(s.TotalScore),
		})
	}
	for i, r := range inOrder(t.f.Resolutions, func(a, b *resolution) int {
		return cmp.Or(compareMoments(a.EventTime, b.EventTime), cmp.Compare(a.QueueID, b.QueueID))
	}) {
		t.add(&schema.Resolution{
			ConversationID: t.f.ID, ResolutionSeq: int64(i + 1), EventTime: c.moment(r.EventTime), QueueID: c.text(r.QueueID),
			UserID: c.text(r.UserID), NextContactAvoided: c.ints.copied(r.NextContactAvoided),
		})
	}
}
