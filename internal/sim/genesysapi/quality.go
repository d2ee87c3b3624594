package genesysapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lateFacts is how long after a conversation's start its evaluations and surveys are still looked for: it may be open, or opened
// again, for more than a month and be judged for another.
const lateFacts = 100 * aDay

// scored are the parts of a conversation that come days after it.
type scored struct {
	Evaluations []evaluation `json:"evaluations"`
	Surveys     []survey     `json:"surveys"`
}

// looseTime reads times also where a record has them with a day of one digit: what the service counts it knows from elsewhere.
type looseTime struct{ time time.Time }

// UnmarshalText reads a time.
func (t *looseTime) UnmarshalText(text []byte) (err error) {
	t.time, err = time.Parse("2006-1-2T15:04:05Z07:00", string(text))
	return err
}

type evaluation struct {
	EvaluationID        string    `json:"evaluationId"`
	UserID              string    `json:"userId"`
	EvaluatorID         string    `json:"evaluatorId"`
	QueueID             string    `json:"queueId"`
	FormID              string    `json:"formId"`
	EventTime           looseTime `json:"eventTime"`
	Released            bool      `json:"released"`
	Rescored            bool      `json:"rescored"`
	Deleted             bool      `json:"deleted"`
	OTotalScore         *int64    `json:"oTotalScore"`
	OTotalCriticalScore *int64    `json:"oTotalCriticalScore"`
}

type survey struct {
	SurveyID            string    `json:"surveyId"`
	UserID              string    `json:"userId"`
	QueueID             string    `json:"queueId"`
	SurveyFormID        string    `json:"surveyFormId"`
	SurveyStatus        string    `json:"surveyStatus"`
	SurveyType          string    `json:"surveyType"`
	EventTime           looseTime `json:"eventTime"`
	PartialResponse     bool      `json:"surveyPartialResponse"`
	SurveyPromoterScore *int64    `json:"surveyPromoterScore"`
	OSurveyTotalScore   *int64    `json:"oSurveyTotalScore"`
}

var (
	evaluationOffer = offer{
		metrics:    []string{"nEvaluations", "nEvaluationsDeleted", "nEvaluationsRescored", "oTotalScore", "oTotalCriticalScore"},
		dimensions: []string{"conversationId", "evaluationId", "userId", "evaluatorId", "queueId", "formId", "released", "rescored"},
		times:      []string{"eventTime"},
	}
	surveyOffer = offer{
		metrics: []string{
			"nSurveysSent", "nSurveysStarted", "nSurveyResponses", "nSurveyFullResponses", "nSurveyPartialResponses", "nSurveysAbandoned",
			"nSurveysExpired", "nSurveysDeleted", "nSurveyErrors", "nSurveyNpsResponses", "nSurveyNpsPromoters", "nSurveyNpsDetractors",
			"oSurveyTotalScore",
		},
		dimensions: []string{"conversationId", "surveyId", "surveyStatus", "surveyType", "surveyFormId", "userId", "queueId"},
		times:      []string{"eventTime"},
	}
)

// queryEvaluations is POST …/evaluations/aggregates/query by eventTime: which conversations were scored, and when.
func (a *API) queryEvaluations(w http.ResponseWriter, r *http.Request) error {
	return a.queryScores(w, r, evaluationOffer, func(conversation string, s scored, count func(observation)) {
		for _, e := range s.Evaluations {
			e.observe(conversation, count)
		}
	})
}

// querySurveys is POST …/surveys/aggregates/query by eventTime.
func (a *API) querySurveys(w http.ResponseWriter, r *http.Request) error {
	return a.queryScores(w, r, surveyOffer, func(conversation string, s scored, count func(observation)) {
		for _, v := range s.Surveys {
			v.observe(conversation, count)
		}
	})
}

func (a *API) queryScores(w http.ResponseWriter, r *http.Request, o offer, observe func(string, scored, func(observation))) error {
	var q aggregateQuery
	if err := decode(w, r, &q); err != nil {
		return err
	}
	buckets, err := q.check(o)
	if err != nil {
		return err
	}
	lake, count := a.available(), newTally(q, buckets)
	var text []byte
	for c := range a.source.StartedOn(buckets[0].from.Add(-lateFacts), buckets[len(buckets)-1].to, lake) {
		if !a.visible(c.Division) {
			continue
		}
		text = c.AppendJSON(text[:0], lake, false)
		var s scored
		if json.Unmarshal(text, &s, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)) != nil {
			continue // a record that nobody can read was never scored
		}
		observe(c.ID, s, count.add)
	}
	writeJSON(w, http.StatusOK, count.results())
	return nil
}

func (e evaluation) observe(conversation string, count func(observation)) {
	dimensions := map[string]string{
		"conversationId": conversation, "evaluationId": e.EvaluationID, "userId": e.UserID, "evaluatorId": e.EvaluatorID,
		"queueId": e.QueueID, "formId": e.FormID, "released": strconv.FormatBool(e.Released), "rescored": strconv.FormatBool(e.Rescored),
	}
	o := observation{at: e.EventTime.time, dimension: func(name string) string { return dimensions[name] }}
	each(count, o, map[string]*int64{
		"nEvaluations": when(true), "nEvaluationsDeleted": when(e.Deleted), "nEvaluationsRescored": when(e.Rescored),
		"oTotalScore": e.OTotalScore, "oTotalCriticalScore": e.OTotalCriticalScore,
	})
}

func (s survey) observe(conversation string, count func(observation)) {
	dimensions := map[string]string{
		"conversationId": conversation, "surveyId": s.SurveyID, "surveyStatus": s.SurveyStatus, "surveyType": s.SurveyType,
		"surveyFormId": s.SurveyFormID, "userId": s.UserID, "queueId": s.QueueID,
	}
	nps := s.SurveyPromoterScore
	o := observation{at: s.EventTime.time, dimension: func(name string) string { return dimensions[name] }}
	each(count, o, map[string]*int64{
		"nSurveysSent": when(s.SurveyStatus == "Sent"), "nSurveysExpired": when(s.SurveyStatus == "Expired"),
		"nSurveyResponses": when(s.SurveyStatus == "Finished"), "oSurveyTotalScore": s.OSurveyTotalScore,
		"nSurveyFullResponses":    when(s.SurveyStatus == "Finished" && !s.PartialResponse),
		"nSurveyPartialResponses": when(s.SurveyStatus == "Finished" && s.PartialResponse),
		"nSurveyNpsResponses":     when(nps != nil), "nSurveyNpsPromoters": when(nps != nil && *nps >= 9),
		"nSurveyNpsDetractors": when(nps != nil && *nps <= 6),
	})
}

// each counts the values that there are.
func each(count func(observation), o observation, values map[string]*int64) {
	for name, value := range values {
		if value != nil {
			o.metric, o.value = name, *value
			count(o)
		}
	}
}

// when is one if something is so, and otherwise no value.
func when(b bool) *int64 {
	if !b {
		return nil
	}
	one := int64(1)
	return &one
}
