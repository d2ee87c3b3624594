package schema

import "time"

// What the pipeline knows of itself. etl_commits and etl_leases are written by the loader in the transaction that they are
// about, etl_publications when it publishes; the others travel like any table.
var (
	EtlRuns       = declare[RunStep]("etl_runs", sortedBy("run_id", "step"))
	EtlCommits    = declare[Commit]("etl_commits", sortedBy("step_id"))
	EtlRejects    = declare[Reject]("etl_rejects", sortedBy("run_id", "source", "entity", "natural_key"))
	EtlWatermarks = declare[Watermark]("etl_watermarks", sortedBy("source", "entity"))
	EtlChecks     = declare[Check]("etl_checks", sortedBy("run_id", "check_id", "scope"))
	EtlLeases     = declare[Lease]("etl_leases", sortedBy("resource"))

	EtlPublications = declare[Publication]("etl_publications", sortedBy("view_name"))
)

// RunStep is one finished step of one run.
type RunStep struct {
	// The run: flow and begin of its window.
	RunID string `parquet:"run_id" col:"key,max=100"`
	// The step within the run, for example extract/genesys.conversations.
	Step string `parquet:"step" col:"key,max=200"`
	// Begin of the window that the step read.
	IntervalStart *time.Time `parquet:"interval_start,timestamp(microsecond)"`
	// End of the window, exclusive.
	IntervalEnd *time.Time `parquet:"interval_end,timestamp(microsecond)"`
	// done, or the error's code.
	Status string `parquet:"status,dict" col:"max=50"`
	// When the step was started (the attempt that finished it).
	StartedAt time.Time `parquet:"started_at,timestamp(microsecond)"`
	// When it was finished.
	EndedAt time.Time `parquet:"ended_at,timestamp(microsecond)"`
	// Records or rows read.
	RowsIn *int64 `parquet:"rows_in"`
	// Records or rows written.
	RowsOut *int64 `parquet:"rows_out"`
	// Rows rejected.
	RowsRejected *int64 `parquet:"rows_rejected"`
	// Bytes written.
	Bytes *int64 `parquet:"bytes"`
	// Calls made to the source.
	APICalls *int64 `parquet:"api_calls"`
	// Calls that had to be repeated.
	APIRetries *int64 `parquet:"api_retries"`
	// Time spent waiting for the source's rate limit, in ms.
	ThrottledMs *int64 `parquet:"throttled_ms"`
	// Version of trunkline.
	CodeVersion string `parquet:"code_version,dict" col:"max=100"`
	// The step's manifest, as JSON.
	Manifest string `parquet:"manifest" col:"max=65535"`
}

func (*RunStep) table() *Table { return EtlRuns }

// Commit says that a batch is in the warehouse. It is written in the transaction that merges the batch.
type Commit struct {
	// The batch: run, step and table; a child table's name is added to that of its parent.
	StepID string `parquet:"step_id" col:"key,max=300"`
	// Hash of the batch's files: what exactly was committed.
	ContentHash string `parquet:"content_hash" col:"max=64"`
	// Rows that were new.
	Inserted int64 `parquet:"inserted"`
	// Rows that were replaced.
	Updated int64 `parquet:"updated"`
	// Rows that were there already, equal or observed later.
	Unchanged int64 `parquet:"unchanged"`
	// When it was committed.
	CommittedAt time.Time `parquet:"committed_at,timestamp(microsecond)"`
	// Children that went with the rows that were replaced; NULL in entries from before children were loaded.
	Deleted *int64 `parquet:"deleted"`
}

func (*Commit) table() *Table { return EtlCommits }

// Reject is a record that could not become a row, with its reason. Its payload stays in the run folder.
type Reject struct {
	// The run that met it.
	RunID string `parquet:"run_id,dict" col:"key,max=100"`
	// Extractor, for example genesys.
	Source string `parquet:"source,dict" col:"key,max=50"`
	// Stream, for example conversations.
	Entity string `parquet:"entity,dict" col:"key,max=50"`
	// The record's key in its stream; where it had none, the hash of its payload.
	NaturalKey string `parquet:"natural_key" col:"key,max=255"`
	// Machine-readable reason: missing_id, bad_date, wrong_type, bad_json …
	ReasonCode string `parquet:"reason_code,dict" col:"max=50"`
	// What was wrong: field, value and what would have been right.
	Message string `parquet:"message" col:"max=2000"`
	// Where the payload is: file and line in the run store.
	PayloadRef string `parquet:"payload_ref" col:"max=500"`
	// When it was met: the time at which the source was asked.
	SeenAt time.Time `parquet:"seen_at,timestamp(microsecond)"`
	// When its run's transform was done again and no longer rejected it; NULL while it is open.
	ResolvedAt *time.Time `parquet:"resolved_at,timestamp(microsecond)"`

	// Payload is the record itself; the pipeline keeps it in the step's rejects file.
	Payload []byte `parquet:"-"`
}

func (*Reject) table() *Table { return EtlRejects }

// Watermark tells how far a stream has been read and loaded.
type Watermark struct {
	// Extractor, for example salesforce.
	Source string `parquet:"source" col:"key,max=50"`
	// Stream, for example accounts.
	Entity string `parquet:"entity" col:"key,max=50"`
	// Everything up to here, by the source's clock, is loaded.
	Watermark *time.Time `parquet:"watermark,timestamp(microsecond)"`
	// The run that moved it.
	RunID string `parquet:"run_id" col:"max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)"`
}

func (*Watermark) table() *Table { return EtlWatermarks }

// Check is the outcome of one check in one run.
type Check struct {
	// The run.
	RunID string `parquet:"run_id" col:"key,max=100"`
	// The check, for example join_rate.
	CheckID string `parquet:"check_id" col:"key,max=100"`
	// What it looked at: a table, a day, a queue.
	Scope string `parquet:"scope" col:"key,max=200"`
	// warn or gate.
	Severity string `parquet:"severity,dict" col:"max=20"`
	// pass, fail, or waived.
	Status string `parquet:"status,dict" col:"max=20"`
	// What was measured.
	Observed *float64 `parquet:"observed"`
	// What it is held against.
	Threshold *float64 `parquet:"threshold"`
	// One sentence for a person.
	Message string `parquet:"message" col:"max=2000"`
	// When it was made.
	CheckedAt time.Time `parquet:"checked_at,timestamp(microsecond)"`
}

func (*Check) table() *Table { return EtlChecks }

// Lease says who may write to the warehouse.
type Lease struct {
	// What is leased: warehouse.
	Resource string `parquet:"resource" col:"key,max=100"`
	// Who holds it: host, process and run.
	Owner string `parquet:"owner" col:"max=255"`
	// Grows with every change of hands; a writer whose token is no longer here must stop.
	Token int64 `parquet:"token"`
	// Until when it is held without being renewed.
	ExpiresAt time.Time `parquet:"expires_at,timestamp(microsecond)"`
}

func (*Lease) table() *Table { return EtlLeases }

// Publication says what a published view shows: of which run, and since when.
type Publication struct {
	// The view.
	ViewName string `parquet:"view_name" col:"key,max=100"`
	// current (of the newest run), kept (of an earlier run, because the gate was closed since), withheld (the gate was never
	// open yet).
	State string `parquet:"state" col:"max=20"`
	// The run whose figures it shows; NULL while it is withheld.
	RunID *string `parquet:"run_id" col:"max=100"`
	// When these figures were published; NULL while it is withheld.
	PublishedAt *time.Time `parquet:"published_at,timestamp(microsecond)"`
	// Why it is not current.
	Reason *string `parquet:"reason" col:"max=2000"`
}

func (*Publication) table() *Table { return EtlPublications }

// All gives every table that a warehouse has, in the order of the data dictionary.
func All() []*Table {
	return []*Table{
		UnifiedInteractions, UnifiedInteractionChanges,
		CrmAccounts, CrmAccountVersions, CrmAccountHistory, CrmCases, CrmOpportunities, CrmUsers,
		Conversations, ConversationDivisions, Participants, ParticipantAttributes, Sessions, Segments, SessionMetrics, FlowOutcomes,
		Evaluations, Surveys, Resolutions, AgentLegs, QueueVisits,
		Users, Queues, WrapupCodes, Divisions, Flows, SourceAggregates, Releases, KpiSettings,
		TrusstContacts, TrusstAnswers, TrusstQuestions,
		EtlRuns, EtlCommits, EtlRejects, EtlWatermarks, EtlChecks, EtlLeases, EtlPublications,
	}
}

// Lookup finds a table, internal ones too, by its name; nil if there is none.
func Lookup(name string) *Table {
	for _, t := range append(All(), GenesysInteractions) {
		if t.Name == name {
			return t
		}
	}
	return nil
}
