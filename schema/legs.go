package schema

import "time"

// The two grains that most KPIs need, derived from the tree and replaced with it: what an agent did in one session, and what
// became of one stay in a queue.
var (
	AgentLegs   = declare[AgentLeg]("agent_legs", sortedBy("business_date", "conversation_id"), childOf(Conversations))
	QueueVisits = declare[QueueVisit]("queue_visits", sortedBy("business_date", "conversation_id"), childOf(Conversations))
)

// AgentLeg is one session of an agent who had to do with the customer: answered or not, supervisors who listen in left out. Figures
// per agent come from here. Milliseconds are sums of the session's own metrics; NULL where it has none of that kind.
type AgentLeg struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Session within the participant; where the source names none, # and its position.
	SessionID string `parquet:"session_id" col:"key,max=100"`
	// When the conversation began.
	ConversationStart time.Time `parquet:"conversation_start,timestamp(microsecond)"`
	// Day on which the leg began in the organisation's time zone, YYYY-MM-DD; the conversation's where it has no begin.
	BusinessDate string `parquet:"business_date,dict" col:"max=10"`
	// Hour of that day, 0 to 23, in the organisation's time zone; NULL where the leg has no begin.
	BusinessHour *int64 `parquet:"business_hour"`
	// Begin of the leg.
	StartedAt *time.Time `parquet:"started_at,timestamp(microsecond)"`
	// End of the leg; NULL while it runs.
	EndedAt *time.Time `parquet:"ended_at,timestamp(microsecond)"`
	// Place among the agent legs of the conversation, from 1.
	LegSeq int64 `parquet:"leg_seq"`
	// The agent.
	UserID string `parquet:"user_id,dict" col:"max=100,class=performance"`
	// Name of the agent; names of leavers are kept.
	AgentName *string `parquet:"agent_name,dict" col:"class=performance"`
	// Queue on whose account he was asked.
	QueueID *string `parquet:"queue_id,dict" col:"max=100"`
	// Name of the queue; names of deleted queues are kept.
	QueueName *string `parquet:"queue_name,dict"`
	// Medium of the session.
	MediaType *string `parquet:"media_type,dict" col:"max=50"`
	// inbound or outbound.
	Direction *string `parquet:"direction,dict" col:"max=50"`
	// Whether he came on the line.
	Answered bool `parquet:"answered"`
	// Whether it rang in vain.
	NotResponding bool `parquet:"not_responding"`
	// Whether it is the last answered leg: the one that agent_id and queue_id of unified_interactions come from.
	IsLastAnswered bool `parquet:"is_last_answered"`
	// Σ tAlert.
	AlertTimeMs *int64 `parquet:"alert_time_ms"`
	// Σ tContacting.
	ContactingTimeMs *int64 `parquet:"contacting_time_ms"`
	// Σ tDialing.
	DialingTimeMs *int64 `parquet:"dialing_time_ms"`
	// Σ tTalkComplete, else Σ tTalk.
	TalkTimeMs *int64 `parquet:"talk_time_ms"`
	// Σ tHeldComplete, else Σ tHeld.
	HoldTimeMs *int64 `parquet:"hold_time_ms"`
	// Σ tAcw.
	AcwTimeMs *int64 `parquet:"acw_time_ms"`
	// Σ tHandle.
	HandleTimeMs *int64 `parquet:"handle_time_ms"`
	// Number of tHandle; NULL without any metric.
	HandleCount *int64 `parquet:"handle_count"`
	// Σ tAnswered: the wait that this answer ended.
	AnswerTimeMs *int64 `parquet:"answer_time_ms"`
	// Σ nTransferred; NULL without any metric.
	TransferCount *int64 `parquet:"transfer_count"`
	// Σ nBlindTransferred; NULL without any metric.
	BlindTransferCount *int64 `parquet:"blind_transfer_count"`
	// Σ nConsultTransferred; NULL without any metric.
	ConsultTransferCount *int64 `parquet:"consult_transfer_count"`
	// Σ nConsult; NULL without any metric.
	ConsultCount *int64 `parquet:"consult_count"`
	// Wrap-up code.
	WrapupCode *string `parquet:"wrapup_code,dict" col:"max=100"`
	// Name of the code; system codes have none.
	WrapupName *string `parquet:"wrapup_name,dict"`
	// How the leg ended.
	DisconnectType *string `parquet:"disconnect_type,dict" col:"max=50"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*AgentLeg) table() *Table { return AgentLegs }

// QueueVisit is one stay of a conversation in a queue. Figures per queue come from here.
type QueueVisit struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Session within the participant; where the source names none, # and its position.
	SessionID string `parquet:"session_id" col:"key,max=100"`
	// When the conversation began.
	ConversationStart time.Time `parquet:"conversation_start,timestamp(microsecond)"`
	// Day of the offer in the organisation's time zone, YYYY-MM-DD; the conversation's where its time is not known.
	BusinessDate string `parquet:"business_date,dict" col:"max=10"`
	// Hour of that day, 0 to 23, in the organisation's time zone; NULL where the time of the offer is not known.
	BusinessHour *int64 `parquet:"business_hour"`
	// When it entered the queue.
	OfferedAt *time.Time `parquet:"offered_at,timestamp(microsecond)"`
	// When it left it; NULL while it waits.
	LeftAt *time.Time `parquet:"left_at,timestamp(microsecond)"`
	// Place among the visits of the conversation, from 1.
	VisitSeq int64 `parquet:"visit_seq"`
	// Queue; NULL if the source names none.
	QueueID *string `parquet:"queue_id,dict" col:"max=100"`
	// Name of the queue; names of deleted queues are kept.
	QueueName *string `parquet:"queue_name,dict"`
	// Medium of the session.
	MediaType *string `parquet:"media_type,dict" col:"max=50"`
	// What became of it: answered, abandoned, flow_out, waiting (not over yet), unknown (nothing was measured).
	Outcome string `parquet:"outcome,dict" col:"max=20"`
	// Whether it was abandoned sooner than the organisation's threshold; NULL where nothing was measured.
	ShortAbandon *bool `parquet:"short_abandon"`
	// Time waited: tAnswered, tAbandon or tFlowOut, whichever ended it.
	WaitTimeMs *int64 `parquet:"wait_time_ms"`
	// Queue entry to answer (tAnswered); NULL unless it was answered.
	AnswerTimeMs *int64 `parquet:"answer_time_ms"`
	// Whether it was answered later than the queue's target; NULL unless it was answered.
	OverSla *bool `parquet:"over_sla"`
	// The queue's target now.
	SlaTargetMs *int64 `parquet:"sla_target_ms"`
	// The agent who answered.
	AnsweredBy *string `parquet:"answered_by,dict" col:"max=100,class=performance"`
	// Whether it is the last visit of the conversation.
	IsLast bool `parquet:"is_last"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*QueueVisit) table() *Table { return QueueVisits }
