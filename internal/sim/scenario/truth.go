package scenario

import "time"

// Truth is what really happened in one conversation up to a moment, in the terms of unified_interactions. It is told by the
// story as it unfolds and never read from a payload.
type Truth struct {
	ConversationID         string
	ConversationStart      time.Time
	ConversationEnd        *time.Time
	DurationMs             *int64
	QueueID                *string
	QueueName              *string
	MediaType              *string
	AgentID                *string
	AgentName              *string
	HandleTimeMs           *int64
	AcwTimeMs              *int64
	Abandoned              *bool
	Transferred            *bool
	QaScore                *float64
	CsatScore              *float64
	WasEscalated           *bool
	HandledByBotOnly       *bool
	DataSource             string
	BusinessDate           string
	IsOpen                 bool
	Direction              *string
	MediaTypes             *string
	MessageType            *string
	HasCallback            *bool
	FirstQueueID           *string
	LastQueueID            *string
	QueueCount             *int64
	FirstAgentID           *string
	AgentCount             *int64
	AgentLegsNotResponding *int64
	HandleCount            *int64
	TimeSource             string
	TalkTimeMs             *int64
	HoldTimeMs             *int64
	WaitTimeMs             *int64
	AnswerTimeMs           *int64
	CustomerDurationMs     *int64
	OfferedCount           *int64
	AnsweredCount          *int64
	AbandonedCount         *int64
	FlowOutCount           *int64
	OverSlaCount           *int64
	WithinServiceLevel     *bool
	AbandonedBeforeAnswer  *bool
	ShortAbandon           *bool
	TransferCount          *int64
	BlindTransferred       *bool
	ConsultTransferred     *bool
	DisconnectType         *string
	EndedBy                *string
	WrapupCode             *string
	WrapupName             *string
	BotPresent             *bool
	SelfServed             *bool
	FlowDisconnect         *bool
	FlowID                 *string
	FlowName               *string
	WasEscalatedSource     string
	Nps                    *int64
	SurveyPartial          *bool
	SurveyID               *string
	EvaluationID           *string
	DivisionID             *string
	ExternalContactID      *string

	CrmAccountID      *string // as given, in its 18-character form; merges not followed
	CrmCaseID         *string
	CrmAccountIDGiven *string
	CrmMatchMethod    *string
	CrmIDStatus       string // ok, missing or malformed: what can be told without the CRM
}

// TruthRow is a Truth with the customer behind it, as the CRM knew him at a moment: CrmAccountID follows merges and
// CrmIDStatus is the whole verdict.
type TruthRow struct {
	Truth
	CustomerTier          *string
	AccountOwner          *string
	OpenOpportunityCount  *int64
	LtvUsd                *float64
	CaseCategory          *string
	CustomerTierAtContact *string
	CrmAccountName        *string
	Industry              *string
	OpenCaseCount         *int64
}
