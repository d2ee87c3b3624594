package scenario

import "time"

// Truth is what really happened in one conversation up to a moment, in the terms of unified_interactions. It is told by the
// story as it unfolds and never read from a payload.
//
// What is NULL, where a conversation has metrics ("measured") and where it has none at all:
//
//	                                            measured                        without metrics
//	end, duration, customer duration            NULL while open, also when opened again
//	customer duration                           NULL without a customer of the outside
//	offered, answered, abandoned, flow-out,
//	over-SLA, transfer, handle counts           a number, 0 is known            NULL
//	queue, agent, not-responding counts         a number, 0 is known            likewise; ringing counts as not responding
//	handle time                                 NULL without tHandle *          ended segments of answered legs, NULL of none
//	after-call work                             NULL without tAcw, 0 is known   ended wrap-ups of answered legs, NULL of none
//	talk, hold, wait, answer time               NULL without such a metric      NULL
//	abandoned, before answer, transferred       known                           known, from the segments
//	short abandon, blind, consult               known                           NULL
//	within service level                        NULL while nothing is answered  NULL
//	callback, bot present, flow disconnect      known
//	was escalated                               the attribute, else whether a bot passed it on, NULL without either
//	handled by bot only                         NULL while open, then known
//	disconnect type                             NULL while the customer's last session runs, or without a customer
//	ended by                                    NULL unless both sides' disconnects tell
//	wrap-up code                                NULL while the last answered leg's wrap-up runs; names of system codes NULL
//	account id given                            NULL for none and for an empty one; the id NULL also when malformed
//	account id method                           NULL when none was given
//	case id                                     NULL for none and when malformed
//
// *) When a measured conversation ends and nobody's handling was measured, its answered legs' segments count instead.
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
	QuestionCount         *int64 // of the Trusst contact that counts
	AnsweredQuestionCount *int64
}
