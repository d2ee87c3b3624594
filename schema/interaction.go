package schema

import "time"

// UnifiedInteractions is the table everything else serves: one row a conversation, whatever its source, joined with the
// customer behind it.
var UnifiedInteractions = declare[Interaction]("unified_interactions",
	sortedBy("conversation_start", "conversation_id"), tracked(UnifiedInteractionChanges))

// Interaction is one conversation with its customer: what the contact centre measured, what the CRM knows of the caller
// today and knew at the time, and how sure we are of the link. One row a conversation_id. The first 26 columns are those
// of the source guide, in its order; times are UTC, durations milliseconds, money US dollars. NULL is always "not known
// or not applicable", never zero or false.
type Interaction struct {
	// Identifies the conversation within the contact centre; the table's key. Of on-premise calls onprem:<stream>:<connection>.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// When the conversation began. Never changes for a conversation_id.
	ConversationStart time.Time `parquet:"conversation_start,timestamp(microsecond)"`
	// When it ended, after-call work included; NULL while it is open.
	ConversationEnd *time.Time `parquet:"conversation_end,timestamp(microsecond)"`
	// conversation_end − conversation_start in ms; includes after-call work; NULL while open.
	DurationMs *int64 `parquet:"duration_ms"`
	// Queue of the last answered agent leg; where nobody answered, the last queue waited in; NULL if no queue was reached.
	QueueID *string `parquet:"queue_id,dict" col:"max=100"`
	// Name of queue_id; names of deleted queues are kept.
	QueueName *string `parquet:"queue_name,dict"`
	// Medium of the customer's earliest session (voice, callback, chat, email, message …); NULL if unknown, never a default.
	MediaType *string `parquet:"media_type,dict" col:"max=50"`
	// The last agent who answered. Figures per agent come from the agents' legs, never from this column.
	AgentID *string `parquet:"agent_id,dict" col:"max=100,class=performance"`
	// Name of agent_id; names of leavers are kept.
	AgentName *string `parquet:"agent_name,dict" col:"class=performance"`
	// Sum of tHandle over all agents in ms (contacting + dialing + talk + hold + after-call work); NULL if nobody handled it.
	HandleTimeMs *int64 `parquet:"handle_time_ms"`
	// Sum of tAcw (after-call work) over all agents in ms; NULL if none was measured.
	AcwTimeMs *int64 `parquet:"acw_time_ms"`
	// Whether the customer left, or was dropped, while waiting in a queue (any tAbandon). A rate's denominator is offered.
	Abandoned *bool `parquet:"abandoned"`
	// Whether an agent passed the conversation on (nTransferred > 0), blind or after consulting.
	Transferred *bool `parquet:"transferred"`
	// Total score of the newest finished evaluation that was neither deleted nor a calibration; as received, not rescaled.
	QaScore *float64 `parquet:"qa_score" col:"class=performance"`
	// Total score of the newest finished survey; as received, not rescaled. 0 is a score.
	CsatScore *float64 `parquet:"csat_score"`
	// Salesforce account, 18 characters, after following merges; NULL when none was given or it was malformed.
	CrmAccountID *string `parquet:"crm_account_id,dict" col:"max=18,class=identity,today"`
	// Salesforce case, 18 characters; NULL when none was given or it was malformed.
	CrmCaseID *string `parquet:"crm_case_id" col:"max=18,class=identity"`
	// The account's tier today. NULL when the account is not known.
	CustomerTier *string `parquet:"customer_tier,dict" col:"today"`
	// Name of the account's owner today.
	AccountOwner *string `parquet:"account_owner,dict" col:"class=identity,today"`
	// The account's open opportunities today (IsClosed = false); 0 only when the account is known.
	OpenOpportunityCount *int64 `parquet:"open_opportunity_count" col:"class=revenue,today"`
	// The account's lifetime value today, in US dollars.
	LtvUsd *float64 `parquet:"ltv_usd" col:"class=revenue,today"`
	// Category of the case crm_case_id.
	CaseCategory *string `parquet:"case_category,dict" col:"today"`
	// Whether it was escalated: the flow's own flag if it was set, else whether a bot's conversation went on to a queue or an
	// agent; NULL where neither can be told. was_escalated_source says which.
	WasEscalated *bool `parquet:"was_escalated"`
	// Whether a bot alone handled it: a bot took part, it reached neither queue nor agent, and it ended. NULL while open.
	HandledByBotOnly *bool `parquet:"handled_by_bot_only"`
	// When this version of the row was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
	// Which system it comes from: genesys_cloud, or of contacts that only Trusst knows genesys_onpremise, premier_contact_point.
	DataSource string `parquet:"data_source,dict" col:"max=50"`

	// Day on which it began in the organisation's time zone, YYYY-MM-DD: what a business day's figures group by.
	BusinessDate string `parquet:"business_date,dict" col:"max=10"`
	// The account's tier when the conversation began; NULL when no version of the account reaches back to that time. A change is
	// dated by the account's last edit (SystemModstamp) that the nightly mirror saw.
	CustomerTierAtContact *string `parquet:"customer_tier_at_contact,dict"`
	// Name of the account today.
	CrmAccountName *string `parquet:"crm_account_name,dict" col:"class=identity,today"`
	// Industry of the account today.
	Industry *string `parquet:"industry,dict" col:"today"`
	// The account's open cases today (IsClosed = false); 0 only when the account is known.
	OpenCaseCount *int64 `parquet:"open_case_count" col:"today"`
	// How the account was found: attribute, or NULL when no id was given.
	CrmMatchMethod *string `parquet:"crm_match_method,dict" col:"max=50"`
	// What became of the account id: ok, missing, malformed, unknown_account, merged.
	CrmIDStatus string `parquet:"crm_id_status,dict" col:"max=50,today"`
	// The account id as the conversation carried it, before any repair.
	CrmAccountIDGiven *string `parquet:"crm_account_id_given" col:"class=identity"`
	// How settled the row is: live (open, or read before the source's data is complete), provisional (scores and corrections
	// may still come), final (older than the period that is read again), restated (final, and yet it changed after it had been
	// final before: see restated_at).
	Finality string `parquet:"finality,dict" col:"max=20,state"`
	// Whether the conversation had not ended when it was read.
	IsOpen bool `parquet:"is_open"`
	// Direction of the conversation's first leg: inbound or outbound.
	Direction *string `parquet:"direction,dict" col:"max=50"`
	// All media that took part, sorted, comma-separated.
	MediaTypes *string `parquet:"media_types,dict"`
	// Kind of message (sms, whatsapp, webmessaging …) where media_type is message.
	MessageType *string `parquet:"message_type,dict" col:"max=50"`
	// Whether a callback took part.
	HasCallback *bool `parquet:"has_callback"`
	// First queue waited in, else the first answered leg's queue.
	FirstQueueID *string `parquet:"first_queue_id,dict" col:"max=100"`
	// Queue of the last answered leg, else the last queue waited in.
	LastQueueID *string `parquet:"last_queue_id,dict" col:"max=100"`
	// Number of different queues visited.
	QueueCount *int64 `parquet:"queue_count"`
	// The first agent who answered.
	FirstAgentID *string `parquet:"first_agent_id,dict" col:"max=100,class=performance"`
	// Number of different agents who answered.
	AgentCount *int64 `parquet:"agent_count"`
	// Agent legs that rang and were not answered.
	AgentLegsNotResponding *int64 `parquet:"agent_legs_not_responding"`
	// Number of tHandle metrics; average handle time is Σ handle_time_ms / Σ handle_count.
	HandleCount *int64 `parquet:"handle_count"`
	// Where handle and after-call time come from: metric, segments (no metrics were recorded), none.
	TimeSource string `parquet:"time_source,dict" col:"max=20"`
	// Sum of tTalkComplete, else of tTalk, over all agents in ms.
	TalkTimeMs *int64 `parquet:"talk_time_ms"`
	// Sum of tHeldComplete, else of tHeld, over all agents in ms.
	HoldTimeMs *int64 `parquet:"hold_time_ms"`
	// Time waited in queues in ms: tAnswered + tAbandon + tFlowOut, the source's tWait.
	WaitTimeMs *int64 `parquet:"wait_time_ms"`
	// Sum of tAnswered in ms: queue entry to answer. Average speed of answer is Σ answer_time_ms / Σ answered_count.
	AnswerTimeMs *int64 `parquet:"answer_time_ms"`
	// First to last moment of the customer's own sessions in ms; without after-call work; NULL while open.
	CustomerDurationMs *int64 `parquet:"customer_duration_ms"`
	// Queue entries (Σ nOffered).
	OfferedCount *int64 `parquet:"offered_count"`
	// Queue entries that an agent answered (number of tAnswered).
	AnsweredCount *int64 `parquet:"answered_count"`
	// Queue entries abandoned (number of tAbandon).
	AbandonedCount *int64 `parquet:"abandoned_count"`
	// Queue entries left unanswered for a flow, voicemail, callback or other queue (number of tFlowOut).
	FlowOutCount *int64 `parquet:"flow_out_count"`
	// Answers later than the queue's target (Σ nOverSla). Service level is
	// (answered_count − over_sla_count) / (answered_count + abandoned_count), summed first.
	OverSlaCount *int64 `parquet:"over_sla_count"`
	// Whether every answer kept the queue's target; NULL when nothing was answered.
	WithinServiceLevel *bool `parquet:"within_service_level"`
	// Abandoned and never answered by anybody.
	AbandonedBeforeAnswer *bool `parquet:"abandoned_before_answer"`
	// Abandoned sooner than the organisation's short-abandon threshold (tShortAbandon).
	ShortAbandon *bool `parquet:"short_abandon"`
	// Σ nTransferred.
	TransferCount *int64 `parquet:"transfer_count"`
	// Whether a transfer was blind (nBlindTransferred > 0).
	BlindTransferred *bool `parquet:"blind_transferred"`
	// Whether a transfer followed a consultation (nConsultTransferred > 0).
	ConsultTransferred *bool `parquet:"consult_transferred"`
	// How the customer's last leg ended (peer, client, endpoint, timeout, system, transfer …).
	DisconnectType *string `parquet:"disconnect_type,dict" col:"max=50"`
	// Who hung up, where both sides' disconnects tell: customer or agent.
	EndedBy *string `parquet:"ended_by,dict" col:"max=20"`
	// Wrap-up code of the last answered leg.
	WrapupCode *string `parquet:"wrapup_code,dict" col:"max=100"`
	// Name of wrapup_code; system codes (ININ-WRAP-UP-TIMEOUT …) have none.
	WrapupName *string `parquet:"wrapup_name,dict"`
	// Whether a bot took part.
	BotPresent *bool `parquet:"bot_present"`
	// The source's own flag that every flow session was self-served.
	SelfServed *bool `parquet:"self_served"`
	// Whether it ended inside a flow (IVR or bot) without reaching a queue.
	FlowDisconnect *bool `parquet:"flow_disconnect"`
	// First flow the conversation entered.
	FlowID *string `parquet:"flow_id,dict" col:"max=100"`
	// Name of flow_id at the time of the conversation.
	FlowName *string `parquet:"flow_name,dict"`
	// Where was_escalated comes from: attribute, flow, or none.
	WasEscalatedSource string `parquet:"was_escalated_source,dict" col:"max=20"`
	// Promoter score (0–10) of the newest finished survey.
	Nps *int64 `parquet:"nps"`
	// Whether the newest finished survey was answered only in part.
	SurveyPartial *bool `parquet:"survey_partial"`
	// The survey that csat_score comes from.
	SurveyID *string `parquet:"survey_id" col:"max=100"`
	// The evaluation that qa_score comes from.
	EvaluationID *string `parquet:"evaluation_id" col:"max=100"`
	// First division of the conversation.
	DivisionID *string `parquet:"division_id,dict" col:"max=100"`
	// External contact of the customer.
	ExternalContactID *string `parquet:"external_contact_id" col:"max=100,class=identity"`
	// Universal questions asked of it by Trusst; NULL where no answers were landed.
	QuestionCount *int64 `parquet:"question_count"`
	// Universal questions answered.
	AnsweredQuestionCount *int64 `parquet:"answered_question_count"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked. Of two versions of a row the one observed later is the row.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world; equal hashes are equal rows.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When the key was first written to the warehouse.
	FirstSeenAt *time.Time `parquet:"first_seen_at,timestamp(microsecond)" col:"set=insert"`
	// When the row was last written with another content.
	LastChangedAt *time.Time `parquet:"last_changed_at,timestamp(microsecond)" col:"set=content"`
	// When the row first changed after it had been final, in a column that does not follow the CRM; NULL if it never did.
	RestatedAt *time.Time `parquet:"restated_at,timestamp(microsecond)" col:"set=restate"`
}

func (*Interaction) table() *Table { return UnifiedInteractions }

// GenesysInteractions carries what Genesys Cloud says of each conversation to the join; it exists only inside a run.
var GenesysInteractions = declare[GenesysInteraction]("genesys_interactions",
	sortedBy("conversation_start", "conversation_id"), internal())

// GenesysInteraction is an Interaction before the join: its facts are filled, of the CRM's columns only crm_account_id and
// crm_case_id (18 characters, merges not followed), crm_account_id_given, crm_match_method and crm_id_status (ok, missing
// or malformed).
type GenesysInteraction Interaction

func (*GenesysInteraction) table() *Table { return GenesysInteractions }
