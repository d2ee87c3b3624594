package schema

import "time"

// What names mean in Genesys Cloud. Those that vanish from the source are kept, marked as no longer listed.
var (
	Users            = declare[User]("users", sortedBy("user_id"), snapshot())
	Queues           = declare[Queue]("queues", sortedBy("queue_id"), snapshot())
	WrapupCodes      = declare[WrapupCode]("wrapup_codes", sortedBy("wrapup_code_id"), snapshot())
	Divisions        = declare[Division]("divisions", sortedBy("division_id"), snapshot())
	Flows            = declare[Flow]("flows", sortedBy("flow_id"), snapshot())
	SourceAggregates = declare[SourceAggregate]("source_aggregates", sortedBy("interval_start", "queue_id", "media_type", "metric"))
)

// User is a Genesys Cloud user: an agent, supervisor or administrator, leavers included.
type User struct {
	// Genesys Cloud user id.
	UserID string `parquet:"user_id" col:"key,max=100,class=performance"`
	// Display name.
	Name *string `parquet:"name" col:"class=performance"`
	// E-mail address.
	Email *string `parquet:"email" col:"class=performance"`
	// Department.
	Department *string `parquet:"department,dict"`
	// Title.
	Title *string `parquet:"title,dict"`
	// active, inactive or deleted.
	State *string `parquet:"state,dict" col:"max=50"`
	// Division.
	DivisionID *string `parquet:"division_id,dict" col:"max=100"`
	// Whether the source still lists the user.
	IsListed bool `parquet:"is_listed"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*User) table() *Table { return Users }

// Queue is a Genesys Cloud queue.
type Queue struct {
	// Genesys Cloud queue id.
	QueueID string `parquet:"queue_id" col:"key,max=100"`
	// Name.
	Name *string `parquet:"name"`
	// Division.
	DivisionID *string `parquet:"division_id,dict" col:"max=100"`
	// Service-level target of voice: the share of contacts (0–1) to be answered in time.
	SlaShare *float64 `parquet:"sla_share"`
	// Service-level target of voice: what "in time" means, in ms.
	SlaTargetMs *int64 `parquet:"sla_target_ms"`
	// Whether the source still lists the queue.
	IsListed bool `parquet:"is_listed"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Queue) table() *Table { return Queues }

// WrapupCode is a Genesys Cloud wrap-up code. The system's own codes (ININ-WRAP-UP-TIMEOUT …) are never listed.
type WrapupCode struct {
	// Genesys Cloud wrap-up code id.
	WrapupCodeID string `parquet:"wrapup_code_id" col:"key,max=100"`
	// Name.
	Name *string `parquet:"name"`
	// Division.
	DivisionID *string `parquet:"division_id,dict" col:"max=100"`
	// Whether the source still lists the code.
	IsListed bool `parquet:"is_listed"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*WrapupCode) table() *Table { return WrapupCodes }

// SourceAggregate is what Genesys itself counts for one queue, medium and interval: the other side of a reconciliation.
// Aggregates are stamped by the time a metric was emitted, not by the conversation's start.
type SourceAggregate struct {
	// Begin of the interval, UTC.
	IntervalStart time.Time `parquet:"interval_start,timestamp(microsecond)" col:"key"`
	// End of the interval, UTC, exclusive.
	IntervalEnd time.Time `parquet:"interval_end,timestamp(microsecond)" col:"key"`
	// Queue; empty when the group has none.
	QueueID string `parquet:"queue_id,dict" col:"key,max=100"`
	// Medium; empty when the group has none.
	MediaType string `parquet:"media_type,dict" col:"key,max=50"`
	// Metric (nOffered, tAnswered, tHandle …).
	Metric string `parquet:"metric,dict" col:"key,max=100"`
	// How often it was emitted; of n-metrics the sum of the counts.
	Count *int64 `parquet:"count"`
	// Sum of a t-metric in ms.
	Sum *int64 `parquet:"sum"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*SourceAggregate) table() *Table { return SourceAggregates }

// Division is a Genesys Cloud division: a part of the organisation that rights are given for.
type Division struct {
	// Genesys Cloud division id.
	DivisionID string `parquet:"division_id" col:"key,max=100"`
	// Name.
	Name *string `parquet:"name"`
	// Description.
	Description *string `parquet:"description" col:"max=1024"`
	// Whether it is the home division.
	IsHome *bool `parquet:"is_home"`
	// Whether the source still lists it.
	IsListed bool `parquet:"is_listed"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Division) table() *Table { return Divisions }

// Flow is a Genesys Cloud flow: a menu, a bot, a workflow.
type Flow struct {
	// Genesys Cloud flow id.
	FlowID string `parquet:"flow_id" col:"key,max=100"`
	// Name today; the name when it ran is in sessions.
	Name *string `parquet:"name"`
	// Kind of flow.
	FlowType *string `parquet:"flow_type,dict" col:"max=50"`
	// Division.
	DivisionID *string `parquet:"division_id,dict" col:"max=100"`
	// Whether the source still lists it.
	IsListed bool `parquet:"is_listed"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Flow) table() *Table { return Flows }
