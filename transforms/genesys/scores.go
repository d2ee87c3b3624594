package genesys

import (
	"cmp"
	"strings"

	"trunkline/schema"
)

// finished is the status of an evaluation or survey that counts. Other surfaces of the source write it in capitals.
const finished = "Finished"

// scores fills the newest evaluation and the newest survey, with what belongs to each.
func (f *facts) scores(row *schema.GenesysInteraction, c *cells, releasedOnly bool) {
	var best *evaluation
	for i := range f.Evaluations {
		e := &f.Evaluations[i]
		if e.counts(releasedOnly) && (best == nil || newer(e.EventTime, best.EventTime, e.ID, best.ID)) {
			best = e
		}
	}
	if best != nil {
		row.QaScore, row.EvaluationID = c.reals.copied(best.TotalScore), c.text(best.ID)
	}
	var last *survey
	for i := range f.Surveys {
		s := &f.Surveys[i]
		if strings.EqualFold(s.Status, finished) && (last == nil || newer(s.CompletedDate, last.CompletedDate, s.ID, last.ID)) {
			last = s
		}
	}
	if last != nil {
		row.CsatScore, row.SurveyID = c.reals.copied(last.TotalScore), c.text(last.ID)
		row.SurveyPartial, row.Nps = c.bools.copied(last.Partial), c.ints.copied(last.PromoterScore)
	}
}

// counts tells whether an evaluation is somebody's score: retracted, deleted and calibration ones are not.
func (e *evaluation) counts(releasedOnly bool) bool {
	return strings.EqualFold(e.Status, finished) && !is(e.Deleted) && e.CalibrationID == "" && (is(e.Released) || !releasedOnly)
}

// is tells whether something is said to be so.
func is(said *bool) bool { return said != nil && *said }

// newer compares two moments; equal ones, and those that nobody knows, by id, so that the order of a list never matters.
func newer(a, b moment, idA, idB string) bool {
	return cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(idA, idB)) > 0
}
