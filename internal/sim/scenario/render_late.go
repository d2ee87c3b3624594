package scenario

// evaluations writes the latest visible state of each evaluation.
func (p *pen) evaluations() {
	opened := false
	for i, e := range p.s.evaluations {
		if e.at > p.at || replaced(p.s.evaluations[i+1:], p.at, func(later evaluation) (string, int64) { return later.id, later.at }, e.id) {
			continue
		}
		opened = p.list("evaluations", opened)
		p.evaluation(e)
	}
	p.endList("evaluations", opened)
}

// replaced says whether a later state of the same id is visible too.
func replaced[T any](later []T, at int64, of func(T) (string, int64), id string) bool {
	for _, v := range later {
		if other, when := of(v); other == id && when <= at {
			return true
		}
	}
	return false
}

func (p *pen) evaluation(e evaluation) {
	p.open('{')
	p.text("evaluationId", e.id)
	p.text("evaluatorId", e.evaluator)
	p.text("userId", e.user.ID)
	if e.queue != nil {
		p.text("queueId", e.queue.ID)
	}
	p.text("formId", e.formID)
	p.text("formName", "Service quality")
	p.text("calibrationId", e.calibration)
	p.text("evaluationStatus", e.status)
	p.moment("eventTime", e.at)
	p.flag("released", e.status == "Finished")
	p.flag("rescored", e.rescored)
	p.flag("deleted", e.deleted)
	if e.status != "Pending" {
		p.whole("oTotalScore", e.score)
		p.whole("oTotalCriticalScore", e.score)
	}
	p.shut('}')
}

// surveys writes the latest visible state of each survey.
func (p *pen) surveys() {
	opened := false
	for i, v := range p.s.surveys {
		if v.at > p.at || replaced(p.s.surveys[i+1:], p.at, func(later survey) (string, int64) { return later.id, later.at }, v.id) {
			continue
		}
		opened = p.list("surveys", opened)
		p.survey(v)
	}
	p.endList("surveys", opened)
}

func (p *pen) survey(v survey) {
	p.open('{')
	p.text("surveyId", v.id)
	p.text("userId", v.user.ID)
	if v.queue != nil {
		p.text("queueId", v.queue.ID)
	}
	p.text("surveyFormName", "After contact")
	p.text("surveyStatus", v.status)
	p.text("surveyType", v.kind)
	p.moment("eventTime", v.at)
	if v.completed {
		p.moment("surveyCompletedDate", v.at)
		p.flag("surveyPartialResponse", v.partial)
		p.whole("oSurveyTotalScore", v.score)
		if v.nps != nil {
			p.whole("surveyPromoterScore", *v.nps)
		}
	}
	p.shut('}')
}

// resolutions writes what was decided so far.
func (p *pen) resolutions() {
	opened := false
	for _, r := range p.s.resolutions {
		if r.at > p.at {
			continue
		}
		opened = p.list("resolutions", opened)
		p.open('{')
		p.moment("eventTime", r.at)
		if r.queue != nil {
			p.text("queueId", r.queue.ID)
		}
		p.text("userId", r.user.ID)
		p.whole("nNextContactAvoided", r.avoided)
		p.shut('}')
	}
	p.endList("resolutions", opened)
}
