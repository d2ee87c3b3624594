package genesys

import (
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lenient is how foreign JSON is read: what is known must have the right type; what is not known, said twice or badly encoded
// is no reason to lose a conversation.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// record is the body of a record: a conversation as analytics has it, or, read within the day, that beside the view of the
// conversation service. Only members that a rule needs are declared; null is the same as absent everywhere.
type record struct {
	conversation
	Analytics *conversation `json:"analytics"`
	Service   *service      `json:"conversation"`
}

type conversation struct {
	ID           string        `json:"conversationId"`
	Start        moment        `json:"conversationStart"`
	End          moment        `json:"conversationEnd"`
	Direction    string        `json:"originatingDirection"`
	Divisions    []string      `json:"divisionIds"`
	SelfServed   *bool         `json:"selfServed"`
	Evaluations  []evaluation  `json:"evaluations"`
	Surveys      []survey      `json:"surveys"`
	Participants []participant `json:"participants"`
}

type participant struct {
	ID                string     `json:"participantId"`
	Purpose           string     `json:"purpose"`
	UserID            string     `json:"userId"`
	ExternalContactID string     `json:"externalContactId"`
	Attributes        attributes `json:"attributes"`
	Sessions          []session  `json:"sessions"`
}

type session struct {
	MediaType   string    `json:"mediaType"`
	MessageType string    `json:"messageType"`
	Direction   string    `json:"direction"`
	Monitors    string    `json:"monitoredParticipantId"`
	Coaches     string    `json:"coachedParticipantId"`
	Barges      string    `json:"bargedParticipantId"`
	Flow        *flow     `json:"flow"`
	Segments    []segment `json:"segments"`
	Metrics     []metric  `json:"metrics"`
}

type flow struct {
	ID         string `json:"flowId"`
	Name       string `json:"flowName"`
	Type       string `json:"flowType"`
	ExitReason string `json:"exitReason"`
}

type segment struct {
	Start          moment `json:"segmentStart"`
	End            moment `json:"segmentEnd"`
	Type           string `json:"segmentType"`
	QueueID        string `json:"queueId"`
	DisconnectType string `json:"disconnectType"`
	WrapUpCode     string `json:"wrapUpCode"`
}

type metric struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

type evaluation struct {
	ID            string   `json:"evaluationId"`
	CalibrationID string   `json:"calibrationId"`
	Status        string   `json:"evaluationStatus"`
	EventTime     moment   `json:"eventTime"`
	Released      bool     `json:"released"`
	Deleted       bool     `json:"deleted"`
	TotalScore    *float64 `json:"oTotalScore"`
}

type survey struct {
	ID            string   `json:"surveyId"`
	Status        string   `json:"surveyStatus"`
	CompletedDate moment   `json:"surveyCompletedDate"`
	Partial       *bool    `json:"surveyPartialResponse"`
	PromoterScore *int64   `json:"surveyPromoterScore"`
	TotalScore    *float64 `json:"oSurveyTotalScore"`
}

// service is the conversation service's view: where the attributes are that the synchronous query leaves out.
type service struct {
	Participants []struct {
		ID         string     `json:"id"`
		Attributes attributes `json:"attributes"`
	} `json:"participants"`
}

// attributes are a participant's attributes as they were received; identity.go looks into them.
type attributes struct{ raw jsontext.Value }

// UnmarshalJSONFrom keeps an object for later.
func (a *attributes) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch v.Kind() {
	case 'n':
		a.raw = nil
	case '{':
		a.raw = v.Clone()
	default:
		return &json.SemanticError{JSONPointer: dec.StackPointer(), JSONKind: v.Kind(), GoType: reflect.TypeFor[map[string]string]()}
	}
	return nil
}
