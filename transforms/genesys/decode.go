package genesys

import (
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/internal/plainjson"
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
	ID              string        `json:"conversationId"`
	Start           moment        `json:"conversationStart"`
	End             moment        `json:"conversationEnd"`
	ConferenceStart moment        `json:"conferenceStart"`
	Direction       string        `json:"originatingDirection"`
	Initiator       string        `json:"conversationInitiator"`
	Participation   *bool         `json:"customerParticipation"`
	ExternalTag     string        `json:"externalTag"`
	Divisions       []string      `json:"divisionIds"`
	SelfServed      *bool         `json:"selfServed"`
	MinMos          *float64      `json:"mediaStatsMinConversationMos"`
	MinRFactor      *float64      `json:"mediaStatsMinConversationRFactor"`
	Evaluations     []evaluation  `json:"evaluations"`
	Surveys         []survey      `json:"surveys"`
	Resolutions     []resolution  `json:"resolutions"`
	Participants    []participant `json:"participants"`
}

type participant struct {
	ID                     string     `json:"participantId"`
	Name                   string     `json:"participantName"`
	Purpose                string     `json:"purpose"`
	UserID                 string     `json:"userId"`
	TeamID                 string     `json:"teamId"`
	ExternalContactID      string     `json:"externalContactId"`
	ExternalOrganizationID string     `json:"externalOrganizationId"`
	FlaggedReason          string     `json:"flaggedReason"`
	Attributes             attributes `json:"attributes"`
	Sessions               []session  `json:"sessions"`
}

type session struct {
	ID                 string    `json:"sessionId"`
	PeerID             string    `json:"peerId"`
	MediaType          string    `json:"mediaType"`
	MessageType        string    `json:"messageType"`
	Direction          string    `json:"direction"`
	Provider           string    `json:"provider"`
	Remote             string    `json:"remote"`
	ANI                string    `json:"ani"`
	DNIS               string    `json:"dnis"`
	SessionDNIS        string    `json:"sessionDnis"`
	AddressFrom        string    `json:"addressFrom"`
	AddressTo          string    `json:"addressTo"`
	Monitors           string    `json:"monitoredParticipantId"`
	Coaches            string    `json:"coachedParticipantId"`
	Barges             string    `json:"bargedParticipantId"`
	RequestedRoutings  []string  `json:"requestedRoutings"`
	UsedRouting        string    `json:"usedRouting"`
	SelectedAgentID    string    `json:"selectedAgentId"`
	CallbackScheduled  moment    `json:"callbackScheduledTime"`
	OutboundCampaignID string    `json:"outboundCampaignId"`
	OutboundContactID  string    `json:"outboundContactId"`
	DispositionName    string    `json:"dispositionName"`
	DeliveryStatus     string    `json:"deliveryStatus"`
	Authenticated      *bool     `json:"authenticated"`
	AcwSkipped         *bool     `json:"acwSkipped"`
	FlowOutType        string    `json:"flowOutType"`
	Flow               *flow     `json:"flow"`
	Segments           []segment `json:"segments"`
	Metrics            []metric  `json:"metrics"`
}

type flow struct {
	ID             string        `json:"flowId"`
	Name           string        `json:"flowName"`
	Type           string        `json:"flowType"`
	Version        string        `json:"flowVersion"`
	EntryReason    string        `json:"entryReason"`
	ExitReason     string        `json:"exitReason"`
	TransferType   string        `json:"transferType"`
	TransferTarget string        `json:"transferTargetName"`
	Outcomes       []flowOutcome `json:"outcomes"`
}

type flowOutcome struct {
	ID    string `json:"flowOutcomeId"`
	Value string `json:"flowOutcomeValue"`
	Start moment `json:"flowOutcomeStartTimestamp"`
	End   moment `json:"flowOutcomeEndTimestamp"`
}

type segment struct {
	Start               moment `json:"segmentStart"`
	End                 moment `json:"segmentEnd"`
	Type                string `json:"segmentType"`
	QueueID             string `json:"queueId"`
	DisconnectType      string `json:"disconnectType"`
	WrapUpCode          string `json:"wrapUpCode"`
	WrapUpNote          string `json:"wrapUpNote"`
	Conference          *bool  `json:"conference"`
	ErrorCode           string `json:"errorCode"`
	Subject             string `json:"subject"`
	RequestedLanguageID string `json:"requestedLanguageId"`
}

type metric struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
	Emit  moment `json:"emitDate"`
}

type evaluation struct {
	ID                 string   `json:"evaluationId"`
	UserID             string   `json:"userId"`
	EvaluatorID        string   `json:"evaluatorId"`
	AssigneeID         string   `json:"assigneeId"`
	QueueID            string   `json:"queueId"`
	FormID             string   `json:"formId"`
	FormName           string   `json:"formName"`
	ContextID          string   `json:"contextId"`
	CalibrationID      string   `json:"calibrationId"`
	Status             string   `json:"evaluationStatus"`
	EventTime          moment   `json:"eventTime"`
	Released           *bool    `json:"released"`
	Rescored           *bool    `json:"rescored"`
	Deleted            *bool    `json:"deleted"`
	TotalScore         *float64 `json:"oTotalScore"`
	TotalCriticalScore *float64 `json:"oTotalCriticalScore"`
}

type survey struct {
	ID            string   `json:"surveyId"`
	UserID        string   `json:"userId"`
	QueueID       string   `json:"queueId"`
	FormID        string   `json:"surveyFormId"`
	FormContextID string   `json:"surveyFormContextId"`
	FormName      string   `json:"surveyFormName"`
	Status        string   `json:"surveyStatus"`
	Type          string   `json:"surveyType"`
	EventTime     moment   `json:"eventTime"`
	CompletedDate moment   `json:"surveyCompletedDate"`
	Partial       *bool    `json:"surveyPartialResponse"`
	PromoterScore *int64   `json:"surveyPromoterScore"`
	TotalScore    *float64 `json:"oSurveyTotalScore"`
}

type resolution struct {
	EventTime          moment `json:"eventTime"`
	QueueID            string `json:"queueId"`
	UserID             string `json:"userId"`
	NextContactAvoided *int64 `json:"nNextContactAvoided"`
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
	if err == nil && !a.SetJSON(v.Clone()) {
		return &json.SemanticError{JSONPointer: dec.StackPointer(), JSONKind: v.Kind(), GoType: reflect.TypeFor[map[string]string]()}
	}
	return err
}

// SetJSON keeps an object, without copying it.
func (a *attributes) SetJSON(v []byte) bool {
	switch jsontext.Value(v).Kind() {
	case 'n':
		a.raw = nil
	case '{':
		a.raw = v
	default:
		return false
	}
	return true
}

// decoder reads records: plain ones fast, all others as the library does.
type decoder struct{ plain *plainjson.Decoder[record] }

func newDecoder() *decoder { return &decoder{plainjson.New[record]()} }

// decode reads a record, which is valid until the next is read, and as long as the body is.
func (d *decoder) decode(body []byte, r *record) error {
	if *r = (record{}); d.plain.Decode(body, r) {
		return nil
	}
	*r = record{}
	return json.Unmarshal(body, r, lenient)
}
