// Package pipeline is the vocabulary of trunkline and the road every datum takes:
//
//	extract (verbatim records) → transform (typed rows) → load (merge) → audit → publish
//
// Four nouns: an Extractor knows how to ask a system, a Transform what its answers mean, a Loader how a warehouse takes
// rows, a Run is one window's journey through them. Every step reads and writes only its run's folder; its manifest is
// written last, so a step either happened or did not, and any step may be repeated at any time.
package pipeline

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"trunkline/schema"
)

// Window is a span of time, half-open, UTC. A zero From is the beginning of time, a zero To is now.
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (w Window) equal(v Window) bool { return w.From.Equal(v.From) && w.To.Equal(v.To) }

// Record is one item of a source, as it was received. Of two records with one key, the one kept later is the item.
type Record struct {
	Key  string          // identifies the item within its stream; where the item has none, a hash of its body
	At   time.Time       // by the source's clock: when it began, or last changed; zero if it does not say
	Body json.RawMessage // the item itself, untouched
	Gone bool            // the source says that the item was deleted
}

// Stream is one kind of item that a source has.
type Stream struct {
	Name    string
	Of      string        // the stream whose items these are, if they are not its own: newer versions of them, found in another way
	Whole   bool          // read end to end each time: small, present state matters (users, queues, wrap-up codes)
	Mirror  bool          // the state of everything, kept up by changes: first read from the beginning, then from where the newest of the other runs ended, always until now
	Settles time.Duration // what happened shows this much later at most; a run reads that much further back
	Again   []int         // items of a window go on changing: it is read again when it is so many days old
}

// Extractor reads a source. Its methods may be called from several goroutines.
type Extractor interface {
	Streams() []Stream
	// Extract gives emit every record of a stream whose At lies in the window, a page at a time, in any order, perhaps more
	// than once, perhaps others too. emit is never called concurrently. An error of emit ends the extraction and is returned.
	// Warnings say that all was read but what they name; after any other error nothing is known to be complete.
	Extract(ctx context.Context, stream string, w Window, emit func([]Record) error) error
}

// Resumer is an Extractor that can go on in the middle of a window (optional).
type Resumer interface {
	Extractor
	// Resume is Extract from where a cursor points; "" is the beginning. Each page comes with the cursor behind it, from which
	// a later Resume gives everything that no page had brought by then. A cursor that the source no longer honours makes it
	// begin again, which is never an error.
	Resume(ctx context.Context, stream string, w Window, cursor string, emit func(page []Record, next string) error) error
}

// Rememberer is an Extractor that carries a note from run to run (optional): what it has to know of what it read before.
type Rememberer interface {
	Extractor
	// Remember is Extract by a note. It is given the one that the newest loaded run left for the stream, nil if there is none, and
	// gives emit what that run does not have, until now; then it gives the note to leave. No note is left of a nil one: such a
	// stream is extracted anew each time. A note counts once its run's rows are in the warehouse, so whatever a run had read that
	// did not get there is read again.
	Remember(ctx context.Context, stream string, w Window, note []byte, emit func([]Record) error) (next []byte, err error)
}

// Metered is an Extractor that counts what it costs its source (optional).
type Metered interface {
	// Usage gives the counts since the extractor was opened.
	Usage() Usage
}

// Usage is what was asked of a source.
type Usage struct {
	Calls     int64         `json:"calls"`
	Retries   int64         `json:"retries"`
	Throttled time.Duration `json:"throttled"` // waited for the rate limit, own budget and 429 together
	Bytes     int64         `json:"bytes"`     // received, after decompression

	Counts map[string]int64 `json:"counts,omitempty"` // of the extractor's own, by the name of a manifest's counter
}

// Input names what a transform reads: a stream ("genesys.conversations") or a table ("crm_accounts").
type Input struct {
	Kind string
	Back time.Duration // also reads earlier runs that were loaded and whose window began at most this long before
	Last bool          // where this run has none, reads what another run observed last, whatever its window: how a Snapshot table carries its state on
}

// Transform makes rows of records and rows. It is a pure function: equal inputs, in any order, give equal rows.
type Transform interface {
	Reads() []Input
	Writes() []*schema.Table
	// Apply emits the rows of the tables it writes, in any order; of two rows with one key the later one is the row. A row that
	// may have children (schema.Table.Parent) is emitted with all of them in one call, of one such row each. A record that
	// cannot become a row is emitted as a *schema.Reject and never stops the run. The pipeline fills source_run, observed_at,
	// row_hash and children_hash. emit takes ownership of the rows.
	Apply(ctx context.Context, in *Inputs, emit func(...schema.Row) error) error
}

// Batch is what a run has for one table and its child tables: the unit of a commit.
type Batch struct {
	ID       string // run, step and table: the same on every retry
	Table    *schema.Table
	Files    []File // Parquet, each with its hash
	Children []Part // of each child table that has rows
}

// Part is a batch's rows of one child table.
type Part struct {
	Table *schema.Table
	Files []File
}

// Loader is a warehouse. Its methods are not called concurrently.
type Loader interface {
	// Migrate makes the tables as they are declared. It only ever adds: tables, and columns at the end.
	Migrate(ctx context.Context, tables []*schema.Table) error
	// Load replaces rows by key, and with a row that is new or differs all its children: all of the batch or none. It gives
	// the counts of each table by name. A batch that was committed before, with the same content, is not loaded again and
	// gives the counts of that time. A row never replaces one that was observed later.
	Load(ctx context.Context, b Batch) (map[string]Loaded, error)
	Close() error
}

// Loaded counts what a batch did to a table. Children are not compared one by one: those of a replaced row are deleted and
// inserted.
type Loaded struct {
	Inserted  int64 `json:"inserted"`
	Updated   int64 `json:"updated"`
	Unchanged int64 `json:"unchanged"`
	Deleted   int64 `json:"deleted,omitempty"` // of children
}

// Reenricher is a Loader that can join its rows with the mirrored CRM anew (optional).
type Reenricher interface {
	// Reenrich gives emit the rows of unified_interactions that began at or after a time and whose customer is no longer what
	// they say, with what is true of him now; all else of a row, and its observed_at, is as it was. It writes nothing. The
	// rows are those, and as those, that the join would make of the same conversations and the same mirror. emit takes
	// ownership of the rows.
	Reenrich(ctx context.Context, since time.Time, emit func(schema.Row) error) error
}

// Auditor is a Loader that can question its tables (optional).
type Auditor interface {
	// Audit makes the checks on the tables as they are and records them as rows of etl_checks of the run.
	Audit(ctx context.Context, a Audit) ([]schema.Check, error)
}

// Audit says how the checks are to be made.
type Audit struct {
	Run    string
	Window Window
	// Day is the newest business day that the window holds whole, YYYY-MM-DD; empty if there is none.
	Day string
	// JoinLimit is the share of conversations without a known CRM account (0–1) above which the join gate closes.
	JoinLimit float64
	// WaivedUntil keeps the join gate open despite its limit, up to that time; zero is no waiver.
	WaivedUntil time.Time
	WaiverNote  string // why and by whom
	// Answers says how Trusst's answers are to be questioned; nil: it is no source.
	Answers *AnswersAudit
	At      time.Time // the time of the audit
}

// AnswersAudit says what is wanted of Trusst's answers.
type AnswersAudit struct {
	// PivotKeys are the question keys that are columns of trusst_answers_by_contact.
	PivotKeys []string
	// UnmatchedLimit is the share of contacts without a conversation (0–1) above which the audit warns.
	UnmatchedLimit float64
	// UnanalysedLimit is the share of conversations without a contact (0–1) above which it warns.
	UnanalysedLimit float64
}

// Publisher is a Loader that lets people query its tables (optional).
type Publisher interface {
	// Publish makes the views, and the tables under them, visible in one atomic step. Views that need the CRM keep what they
	// showed at the last publication with an open gate, stamped with its time; if there was none they are withheld.
	Publish(ctx context.Context, p Publication) (Published, error)
}

// Publication says what is to be published.
type Publication struct {
	Run       string
	GateOpen  bool     // whether the audit of this run passed, or was waived
	Reason    string   // why the gate is closed
	PivotKeys []string // question keys of Trusst that are columns of trusst_answers_by_contact
	At        time.Time
}

// Published tells what people see now.
type Published struct {
	Target   string   `json:"target"`             // where: a file, a schema
	Views    []string `json:"views"`              // published from this run's tables
	Kept     []string `json:"kept,omitempty"`     // still showing an earlier run, because the gate is closed
	Withheld []string `json:"withheld,omitempty"` // never published yet, because the gate was never open
	Roles    []string `json:"roles,omitempty"`    // where each role finds what it may see, if not in the target
}

// Store keeps run folders. Names are slash-separated and relative. It may be used from several goroutines.
type Store interface {
	// Create begins a file that appears, whole and durable, when it is closed, replacing any of that name.
	Create(name string) (Writer, error)
	Open(name string) (ReadAtCloser, error) // an absent file is fs.ErrNotExist
	List(dir string) ([]string, error)      // names of what is in a directory, sorted; an absent one is empty
	URI(name string) string                 // where it is, for people: a path, s3://, gs://
}

// Fetcher is what a Store also is whose files loaders cannot open where they are (optional).
type Fetcher interface {
	// Local gives a file as a path of this machine. The path is good until it is released.
	Local(name string) (path string, release func() error, err error)
}

// Writer writes one file of a store. After Close it is there, after Abort it never was; Abort after Close does nothing.
type Writer interface {
	io.WriteCloser
	Abort() error
}

// ReadAtCloser is an open file of a store.
type ReadAtCloser interface {
	io.ReaderAt
	io.Closer
	Size() int64
}
