package schema

import "time"

// What people judged of a conversation, replaced together with it.
var (
	Evaluations = declare[Evaluation]("evaluations", sortedBy("conversation_id"), childOf(Conversations))
	Surveys     = declare[Survey]("surveys", sortedBy("conversation_id"), childOf(Conversations))
	Resolutions = declare[Resolution]("resolutions", sortedBy("conversation_id"), childOf(Conversations))
)

// Evaluation is one evaluation of an agent in a conversation, deleted, retracted and calibration ones included.
type Evaluation struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Evaluation.
	EvaluationID string `parquet:"evaluation_id" col:"key,max=100,class=performance"`
	// Pending, InProgress, InReview, Finished or Retracted.
	Status *string `parquet:"status,dict" col:"max=50"`
	// When it last changed.
	EventTime *time.Time `parquet:"event_time,timestamp(microsecond)"`
	// The agent who is evaluated.
	UserID *string `parquet:"user_id,dict" col:"max=100,class=performance"`
	// Who evaluates.
	EvaluatorID *string `parquet:"evaluator_id,dict" col:"max=100,class=performance"`
	// Who is to evaluate.
	AssigneeID *string `parquet:"assignee_id,dict" col:"max=100,class=performance"`
	// Queue.
	QueueID *string `parquet:"queue_id,dict" col:"max=100"`
	// Form, in one version.
	FormID *string `parquet:"form_id,dict" col:"max=100"`
	// Name of the form.
	FormName *string `parquet:"form_name,dict"`
	// Form across its versions.
	ContextID *string `parquet:"context_id,dict" col:"max=100"`
	// Calibration that it is part of; such evaluations do not count.
	CalibrationID *string `parquet:"calibration_id" col:"max=100"`
	// Whether the agent may see it.
	Released *bool `parquet:"released"`
	// Whether it was scored again.
	Rescored *bool `parquet:"rescored"`
	// Whether it was deleted.
	Deleted *bool `parquet:"deleted"`
	// Total score, as received.
	TotalScore *float64 `parquet:"total_score" col:"class=performance"`
	// Score of the critical questions, as received.
	TotalCriticalScore *float64 `parquet:"total_critical_score" col:"class=performance"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Evaluation) table() *Table { return Evaluations }

// Survey is one survey sent to the customer of a conversation.
type Survey struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Survey.
	SurveyID string `parquet:"survey_id" col:"key,max=100"`
	// Pending, Sent, InProgress, Finished, OptOut, Error, Expired …
	Status *string `parquet:"status,dict" col:"max=50"`
	// Web or Voice.
	SurveyType *string `parquet:"survey_type,dict" col:"max=50"`
	// When it last changed.
	EventTime *time.Time `parquet:"event_time,timestamp(microsecond)"`
	// When the customer finished it.
	CompletedAt *time.Time `parquet:"completed_at,timestamp(microsecond)"`
	// Whether it was answered only in part.
	IsPartial *bool `parquet:"is_partial"`
	// The agent whom it is about.
	UserID *string `parquet:"user_id,dict" col:"max=100,class=performance"`
	// Queue.
	QueueID *string `parquet:"queue_id,dict" col:"max=100"`
	// Form, in one version.
	FormID *string `parquet:"form_id,dict" col:"max=100"`
	// Form across its versions.
	FormContextID *string `parquet:"form_context_id,dict" col:"max=100"`
	// Name of the form.
	FormName *string `parquet:"form_name,dict"`
	// Promoter score, 0 to 10.
	PromoterScore *int64 `parquet:"promoter_score"`
	// Total score, as received; 0 is a score.
	TotalScore *float64 `parquet:"total_score"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Survey) table() *Table { return Surveys }

// Resolution is the source's word on whether a contact was the last about its matter.
type Resolution struct {
	// Conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// Place by event time, then the order of the source; from 1.
	ResolutionSeq int64 `parquet:"resolution_seq" col:"key"`
	// When it was decided.
	EventTime *time.Time `parquet:"event_time,timestamp(microsecond)"`
	// The last queue that handled the conversation.
	QueueID *string `parquet:"queue_id,dict" col:"max=100"`
	// The last agent who handled it.
	UserID *string `parquet:"user_id,dict" col:"max=100,class=performance"`
	// nNextContactAvoided: 1 if no further contact followed.
	NextContactAvoided *int64 `parquet:"next_contact_avoided"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Resolution) table() *Table { return Resolutions }
