package schema

import "time"

// The tree of a conversation, as Genesys Cloud tells it: a conversation has participants, a participant sessions, a session
// segments and metrics. All of it is replaced together with its row of conversations. The keys go by what the source names;
// where it names nothing, by a place in an order (start or emit time, then name, then the source's own order).
var (
	Conversations         = declare[Conversation]("conversations", sortedBy("conversation_start", "conversation_id"))
	ConversationDivisions = declare[ConversationDivision]("conversation_divisions", sortedBy("conversation_id"), childOf(Conversations))
	Participants          = declare[Participant]("participants", sortedBy("conversation_id"), childOf(Conversations))
	ParticipantAttributes = declare[ParticipantAttribute]("participant_attributes", sortedBy("conversation_id"), childOf(Conversations))
	Sessions              = declare[Session]("sessions", sortedBy("conversation_id"), childOf(Conversations))
	Segments              = declare[Segment]("segments", sortedBy("conversation_id"), childOf(Conversations))
	SessionMetrics        = declare[SessionMetric]("session_metrics", sortedBy("conversation_id"), childOf(Conversations))
	FlowOutcomes          = declare[FlowOutcome]("flow_outcomes", sortedBy("conversation_id"), childOf(Conversations))
)

// Conversation is one conversation as the contact centre tells it, without customer and without what is derived: those are in
// unified_interactions.
type Conversation struct {
	// Identifies the conversation within the contact centre.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// When it began.
	ConversationStart time.Time `parquet:"conversation_start,timestamp(microsecond)"`
	// When it ended, after-call work included; NULL while it is open.
	ConversationEnd *time.Time `parquet:"conversation_end,timestamp(microsecond)"`
	// Whether it had not ended when it was read.
	IsOpen bool `parquet:"is_open"`
	// Day on which it began in the organisation's time zone, YYYY-MM-DD.
	BusinessDate string `parquet:"business_date,dict" col:"max=10"`
	// When it became a conference.
	ConferenceStart *time.Time `parquet:"conference_start,timestamp(microsecond)"`
	// inbound or outbound.
	OriginatingDirection *string `parquet:"originating_direction,dict" col:"max=50"`
	// Purpose of the participant who began it (messaging).
	Initiator *string `parquet:"initiator,dict" col:"max=50"`
	// Whether the customer sent at least one message (messaging).
	CustomerParticipation *bool `parquet:"customer_participation"`
	// The organisation's own mark.
	ExternalTag *string `parquet:"external_tag"`
	// Whether every flow session was self-served.
	SelfServed *bool `parquet:"self_served"`
	// Lowest mean opinion score of its media (1 to 5).
	MinMos *float64 `parquet:"min_mos"`
	// Lowest R-factor of its media.
	MinRFactor *float64 `parquet:"min_r_factor"`
	// Hash of all rows of the tree below it.
	ChildrenHash *string `parquet:"children_hash" col:"max=32"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Conversation) table() *Table { return Conversations }

// ConversationDivision is one division that a conversation belongs to; it may belong to several.
type ConversationDivision struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Division.
	DivisionID string `parquet:"division_id" col:"key,max=100"`
	// Place in the order of the source, from 1.
	Position int64 `parquet:"position"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*ConversationDivision) table() *Table { return ConversationDivisions }

// Participant is one party of a conversation: the customer, a queue, a flow, an agent.
type Participant struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Place in the order of the source, from 1; not an order in time.
	Position int64 `parquet:"position"`
	// customer, external, acd, ivr, botflow, agent, user, workflow …
	Purpose *string `parquet:"purpose,dict" col:"max=50"`
	// Name as recorded; of a customer often the caller id, of an agent his name.
	Name *string `parquet:"name" col:"class=identity+performance"`
	// User, where it is one.
	UserID *string `parquet:"user_id,dict" col:"max=100,class=performance"`
	// The user's team.
	TeamID *string `parquet:"team_id,dict" col:"max=100"`
	// External contact, where it is one.
	ExternalContactID *string `parquet:"external_contact_id" col:"max=100,class=identity"`
	// External organisation.
	ExternalOrganizationID *string `parquet:"external_organization_id" col:"max=100,class=identity"`
	// Why it was flagged.
	FlaggedReason *string `parquet:"flagged_reason,dict" col:"max=50"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Participant) table() *Table { return Participants }

// ParticipantAttribute is one attribute that a flow, a widget or an agent set on a participant.
type ParticipantAttribute struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Name, as it is spelled.
	Name string `parquet:"name" col:"key,max=1024"`
	// Value; text always. Flows put there what they like, so it is of every class.
	Value *string `parquet:"value" col:"max=4096,class=identity+performance+revenue"`
	// Whether the value has the 1,024 characters at which the source cuts.
	ValueTruncated bool `parquet:"value_truncated"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*ParticipantAttribute) table() *Table { return ParticipantAttributes }

// Session is one leg of a participant on one medium, with the flow that it ran through, if any.
type Session struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Session within the participant; where the source names none, # and its position.
	SessionID string `parquet:"session_id" col:"key,max=100"`
	// Place among all sessions of the conversation by begin, from 1; sessions that never began are last.
	Position int64 `parquet:"position"`
	// Begin of its earliest segment.
	StartedAt *time.Time `parquet:"started_at,timestamp(microsecond)"`
	// End of its last segment; NULL while one runs.
	EndedAt *time.Time `parquet:"ended_at,timestamp(microsecond)"`
	// voice, callback, chat, email, message …
	MediaType *string `parquet:"media_type,dict" col:"max=50"`
	// Kind of message.
	MessageType *string `parquet:"message_type,dict" col:"max=50"`
	// inbound or outbound.
	Direction *string `parquet:"direction,dict" col:"max=50"`
	// The session that it is connected with.
	PeerID *string `parquet:"peer_id" col:"max=100"`
	// Technical provider of the medium.
	Provider *string `parquet:"provider,dict" col:"max=100"`
	// The other side, as displayed.
	Remote *string `parquet:"remote" col:"class=identity"`
	// Number or address of the caller.
	Ani *string `parquet:"ani" col:"class=identity"`
	// Number or address that was called.
	Dnis *string `parquet:"dnis"`
	// Number called in this session; may differ after a transfer.
	SessionDnis *string `parquet:"session_dnis"`
	// Sender.
	AddressFrom *string `parquet:"address_from" col:"class=identity"`
	// Recipient.
	AddressTo *string `parquet:"address_to" col:"class=identity"`
	// The participant who is listened to.
	MonitoredParticipantID *string `parquet:"monitored_participant_id" col:"max=100"`
	// The participant who is coached.
	CoachedParticipantID *string `parquet:"coached_participant_id" col:"max=100"`
	// The participant who is barged in on.
	BargedParticipantID *string `parquet:"barged_participant_id" col:"max=100"`
	// Kinds of routing asked for, sorted, comma-separated.
	RequestedRoutings *string `parquet:"requested_routings,dict"`
	// Kind of routing that found the agent.
	UsedRouting *string `parquet:"used_routing,dict" col:"max=50"`
	// The agent whom predictive routing chose.
	SelectedAgentID *string `parquet:"selected_agent_id,dict" col:"max=100,class=performance"`
	// When the call back was due.
	CallbackScheduledAt *time.Time `parquet:"callback_scheduled_at,timestamp(microsecond)"`
	// Campaign.
	OutboundCampaignID *string `parquet:"outbound_campaign_id,dict" col:"max=100"`
	// Contact within the campaign.
	OutboundContactID *string `parquet:"outbound_contact_id" col:"max=100,class=identity"`
	// How the dialler classified the call.
	DispositionName *string `parquet:"disposition_name,dict" col:"max=100"`
	// Fate of the message.
	DeliveryStatus *string `parquet:"delivery_status,dict" col:"max=50"`
	// Whether the customer was authenticated (messaging).
	Authenticated *bool `parquet:"authenticated"`
	// Whether after-call work was skipped.
	AcwSkipped *bool `parquet:"acw_skipped"`
	// Where a queue handed over to, where it flowed out.
	FlowOutType *string `parquet:"flow_out_type,dict" col:"max=50"`
	// Flow.
	FlowID *string `parquet:"flow_id,dict" col:"max=100"`
	// Name of the flow when it ran.
	FlowName *string `parquet:"flow_name,dict"`
	// Kind of flow (INBOUNDCALL, BOT …).
	FlowType *string `parquet:"flow_type,dict" col:"max=50"`
	// Version of the flow.
	FlowVersion *string `parquet:"flow_version,dict" col:"max=50"`
	// Why it was entered.
	FlowEntryReason *string `parquet:"flow_entry_reason,dict"`
	// How it was left.
	FlowExitReason *string `parquet:"flow_exit_reason,dict" col:"max=100"`
	// What it handed over to.
	FlowTransferType *string `parquet:"flow_transfer_type,dict" col:"max=50"`
	// Name of what it handed over to.
	FlowTransferTarget *string `parquet:"flow_transfer_target,dict"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Session) table() *Table { return Sessions }

// Segment is one stretch of a session: ringing, talking, on hold, wrapping up.
type Segment struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Session within the participant; where the source names none, # and its position.
	SessionID string `parquet:"session_id" col:"key,max=100"`
	// Place in the session by begin, then type, then the order of the source; from 1.
	SegmentSeq int64 `parquet:"segment_seq" col:"key"`
	// When it began.
	StartedAt *time.Time `parquet:"started_at,timestamp(microsecond)"`
	// When it ended; NULL while it runs.
	EndedAt *time.Time `parquet:"ended_at,timestamp(microsecond)"`
	// alert, contacting, dialing, interact, hold, wrapup, ivr, delay …
	SegmentType *string `parquet:"segment_type,dict" col:"max=50"`
	// Queue on whose account it was.
	QueueID *string `parquet:"queue_id,dict" col:"max=100"`
	// How it ended (peer, client, endpoint, transfer …).
	DisconnectType *string `parquet:"disconnect_type,dict" col:"max=50"`
	// Wrap-up code.
	WrapupCode *string `parquet:"wrapup_code,dict" col:"max=100"`
	// The agent's note.
	WrapupNote *string `parquet:"wrapup_note" col:"max=4096,class=identity"`
	// Whether it was part of a conference.
	Conference *bool `parquet:"conference"`
	// Error of the medium.
	ErrorCode *string `parquet:"error_code,dict"`
	// Subject of the e-mail.
	Subject *string `parquet:"subject" col:"max=1024,class=identity"`
	// Language that was asked for.
	RequestedLanguageID *string `parquet:"requested_language_id,dict" col:"max=100"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Segment) table() *Table { return Segments }

// SessionMetric is one measurement that the source made of a session. Aggregates of the source go by emitted_at, not by when the
// conversation began.
type SessionMetric struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Session within the participant; where the source names none, # and its position.
	SessionID string `parquet:"session_id" col:"key,max=100"`
	// Place in the session by emit time, then name, then the order of the source; from 1.
	MetricSeq int64 `parquet:"metric_seq" col:"key"`
	// Name: t… are milliseconds, n… counts, o… observations.
	Name string `parquet:"name,dict" col:"max=100"`
	// Value; 0 is measured.
	Value int64 `parquet:"value"`
	// When it was emitted.
	EmittedAt *time.Time `parquet:"emitted_at,timestamp(microsecond)"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*SessionMetric) table() *Table { return SessionMetrics }

// FlowOutcome is one outcome that a flow recorded.
type FlowOutcome struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Participant within the conversation; where the source names none, # and its position.
	ParticipantID string `parquet:"participant_id" col:"key,max=100"`
	// Session within the participant; where the source names none, # and its position.
	SessionID string `parquet:"session_id" col:"key,max=100"`
	// Place in the session by begin, then id, then the order of the source; from 1.
	OutcomeSeq int64 `parquet:"outcome_seq" col:"key"`
	// Outcome.
	FlowOutcomeID *string `parquet:"flow_outcome_id,dict" col:"max=100"`
	// SUCCESS or FAILURE.
	OutcomeValue *string `parquet:"outcome_value,dict" col:"max=50"`
	// When the flow began on it.
	StartedAt *time.Time `parquet:"started_at,timestamp(microsecond)"`
	// When it was reached; may be unknown after a failure.
	EndedAt *time.Time `parquet:"ended_at,timestamp(microsecond)"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*FlowOutcome) table() *Table { return FlowOutcomes }
