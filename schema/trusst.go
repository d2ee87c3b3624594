package schema

import "time"

// What Trusst found out about conversations: its contacts, each with the newest answer to every universal question, and the
// questions.
var (
	TrusstContacts  = declare[TrusstContact]("trusst_contacts", sortedBy("contact_id"))
	TrusstAnswers   = declare[TrusstAnswer]("trusst_answers", sortedBy("contact_id", "question_id"), childOf(TrusstContacts))
	TrusstQuestions = declare[TrusstQuestion]("trusst_questions", sortedBy("question_id"), snapshot())
)

// TrusstContact is one contact that Trusst analyses, at whatever stage; only COMPLETED ones are counted anywhere. One that
// vanished from Trusst is kept, marked as deleted, with nothing else known of it.
type TrusstContact struct {
	// Trusst's id of the contact.
	ContactID string `parquet:"contact_id" col:"key,max=100"`
	// The row of unified_interactions that it is about, if that was landed: of on-premise streams
	// onprem:<stream_id>:<conn_id>, of others external_id in lower case where it is a UUID; NULL if it cannot be told.
	ConversationID *string `parquet:"conversation_id"`
	// Stream from which Trusst got it.
	StreamID *string `parquet:"stream_id,dict" col:"max=100"`
	// Name of the stream.
	StreamName *string `parquet:"stream_name,dict"`
	// Kind of the stream: GenesysOnPremise, PremierContactPoint, BrightPattern …
	StreamType *string `parquet:"stream_type,dict" col:"max=100"`
	// Id in the system that the stream comes from, as received; neither unique nor always given.
	ExternalID *string `parquet:"external_id"`
	// Connection (recording) id of an on-premise call.
	ConnID *string `parquet:"conn_id"`
	// Trusst's id of the recording that conn_id and call_time come from: the one of the latest call_time.
	S3ConversationID *string `parquet:"s3_conversation_id" col:"max=100"`
	// How many recordings the contact has; more than one is unusual, and only one is used.
	S3RowCount *int64 `parquet:"s3_row_count"`
	// Stage of the analysis: TRANSCRIPTION, INFERENCE, COMPLETED …
	Stage *string `parquet:"stage,dict" col:"max=50"`
	// inbound or outbound.
	Direction *string `parquet:"direction,dict" col:"max=50"`
	// When the contact began.
	StartTime *time.Time `parquet:"start_time,timestamp(microsecond)"`
	// When the recorded call began.
	CallTime *time.Time `parquet:"call_time,timestamp(microsecond)"`
	// Agent, in the id space of the contacts; no id of Genesys Cloud.
	AgentID *string `parquet:"agent_id,dict" col:"class=performance"`
	// Agent, in the id space of the recordings; neither that of the contacts nor of Genesys Cloud.
	S3AgentID *string `parquet:"s3_agent_id,dict" col:"class=performance"`
	// Universal questions asked of it: answers there are, given or not.
	QuestionCount *int64 `parquet:"question_count"`
	// Those with a result.
	AnsweredQuestionCount *int64 `parquet:"answered_question_count"`
	// Those whose result does not fit its type; it is kept as text.
	UnconvertedCount *int64 `parquet:"unconverted_count"`
	// When Trusst began with the contact.
	CreatedAt *time.Time `parquet:"created_at,timestamp(microsecond)"`
	// When it last changed as far as can be told: the latest of its own creation and that of its answers and their changes. A
	// change of stage leaves no time behind.
	EffectiveAt *time.Time `parquet:"effective_at,timestamp(microsecond)"`
	// Whether Trusst no longer has it.
	IsDeleted bool `parquet:"is_deleted"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When the key was first written to the warehouse.
	FirstSeenAt *time.Time `parquet:"first_seen_at,timestamp(microsecond)" col:"set=insert"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
	// Hash of the contact's answers.
	ChildrenHash *string `parquet:"children_hash" col:"max=32"`
}

func (*TrusstContact) table() *Table { return TrusstContacts }

// TrusstAnswer is the newest answer to one universal question about one contact. Nothing that Trusst says is lost: a result
// that does not fit its type is kept as text, with a status that says why.
type TrusstAnswer struct {
	// Contact.
	ContactID string `parquet:"contact_id" col:"key,max=100"`
	// Question; keys are not unique.
	QuestionID string `parquet:"question_id,dict" col:"key,max=100"`
	// Key of the question.
	QuestionKey *string `parquet:"question_key,dict"`
	// Group of the question.
	QuestionGroup *string `parquet:"question_group,dict"`
	// Boolean, Rating, Paragraph, Label or Summary; others are kept and have the status unknown_type.
	ResultType *string `parquet:"result_type,dict" col:"max=50"`
	// The result as received, whatever its type.
	Result *string `parquet:"result" col:"max=65535,class=identity"`
	// Result of a Rating, 1 to 10.
	Number *int64 `parquet:"number"`
	// Result of a Boolean.
	Truth *bool `parquet:"truth"`
	// How the result fits its type: ok, empty, not_a_number, not_whole, out_of_range, not_boolean, unknown_type.
	ConversionStatus string `parquet:"conversion_status,dict" col:"max=20"`
	// The inference that gave it.
	InferenceID *string `parquet:"inference_id" col:"max=100"`
	// When it was inferred.
	CreatedAt *time.Time `parquet:"created_at,timestamp(microsecond)"`
	// When it was last changed; NULL if never.
	UpdatedAt *time.Time `parquet:"updated_at,timestamp(microsecond)"`
	// The later of the two.
	EffectiveAt *time.Time `parquet:"effective_at,timestamp(microsecond)"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*TrusstAnswer) table() *Table { return TrusstAnswers }

// TrusstQuestion is a question that Trusst puts to contacts, universal or not.
type TrusstQuestion struct {
	// Trusst's id of the question.
	QuestionID string `parquet:"question_id" col:"key,max=100"`
	// Key: its short name. Not unique; see shares_key.
	QuestionKey *string `parquet:"question_key"`
	// The question.
	QuestionText *string `parquet:"question_text" col:"max=65535"`
	// Boolean, Rating, Paragraph, Label or Summary; others are kept.
	ResultType *string `parquet:"result_type,dict" col:"max=50"`
	// Whether it is put to every contact: only answers to universal questions are landed.
	IsUniversal *bool `parquet:"is_universal"`
	// Whether it counts towards a score.
	IsScored *bool `parquet:"is_scored"`
	// Group.
	QuestionGroup *string `parquet:"question_group,dict"`
	// When it was made.
	CreatedAt *time.Time `parquet:"created_at,timestamp(microsecond)"`
	// Whether Trusst still lists it.
	IsListed bool `parquet:"is_listed"`
	// Whether another listed universal question has the same key: then neither is pivoted under the bare key.
	SharesKey bool `parquet:"shares_key"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*TrusstQuestion) table() *Table { return TrusstQuestions }
