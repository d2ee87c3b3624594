package pipeline

import (
	"slices"
	"time"
)

// File is one file of a step, relative to the run store.
type File struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"` // a stream, a table, or "rejects"
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	// Columns is what an independent reader found in a Parquet file.
	Columns []ColumnStats `json:"columns,omitempty"`

	URI string `json:"-"` // where it is; while its batch is loaded a path of this machine
}

// ColumnStats is what one column of a Parquet file holds, as an independent reader saw it.
type ColumnStats struct {
	Name  string `json:"name"`
	Nulls int64  `json:"nulls"`
	Min   string `json:"min,omitempty"`
	Max   string `json:"max,omitempty"`
}

// Manifest says that a step was done, and what it did. It is the last file that a step writes.
type Manifest struct {
	Run      string           `json:"run"`
	Step     string           `json:"step"`
	Window   Window           `json:"window"`          // what was asked for, look-back included
	Again    []Window         `json:"again,omitempty"` // older windows that were read again
	Started  time.Time        `json:"started"`
	Finished time.Time        `json:"finished"`
	Version  string           `json:"version"` // of trunkline
	Inputs   []string         `json:"inputs,omitempty"`
	Files    []File           `json:"files,omitempty"`
	Counters map[string]int64 `json:"counters,omitempty"`
	// Watermark is the newest At among the records of an extract and of those before it: where a Mirror goes on.
	Watermark time.Time `json:"watermark,omitzero"`
	// Observed is when the source was asked (extract), or the earliest of its inputs (transform).
	Observed  time.Time         `json:"observed,omitzero"`
	Loaded    map[string]Loaded `json:"loaded,omitempty"`
	Checks    []CheckResult     `json:"checks,omitempty"`
	Gate      *Gate             `json:"gate,omitempty"`
	Published *Published        `json:"published,omitempty"`
	// Warnings tell what an extract could not read although it is done.
	Warnings []Note `json:"warnings,omitempty"`
	// Void says that the step is being done again: until its new manifest is written it is not done.
	Void bool `json:"void,omitempty"`
}

// The counters of a manifest. Extractors and loaders may add their own.
const (
	CountIn       = "in"       // records or rows read
	CountOut      = "out"      // records or rows written
	CountRejected = "rejected" // records that became rejects
	// CountRejectedOf, with a stream's kind behind it, counts the rejects of that stream.
	CountRejectedOf = "rejected."
	CountCleaned    = "cleaned"   // values changed to fit every warehouse
	CountCalls      = "calls"     // calls to the source
	CountRetries    = "retries"   // calls repeated
	CountThrottled  = "throttled" // ms waited for the source's rate limit
	CountReceived   = "received"  // bytes received from the source
	CountResumed    = "resumed"   // times an extract went on from a safe page
	CountAgain      = "again"     // records of windows that were read again
)

// Reached tells up to when an extract has read its stream: to the end of its window, or, where there is none, to the time at which the
// source was asked. Zero is not known: see Unread.
func (m Manifest) Reached() time.Time {
	switch {
	case m.Unread() != nil:
		return time.Time{}
	case !m.Window.To.IsZero():
		return m.Window.To
	default:
		return m.Observed
	}
}

// Unread gives the first warning that tells of something that is there to be read and was not; nil if there is none.
func (m Manifest) Unread() *Note {
	i := slices.IndexFunc(m.Warnings, func(n Note) bool { return !n.Gone })
	if i < 0 {
		return nil
	}
	return &m.Warnings[i]
}

// Note is what a person is told of an error.
type Note struct {
	Code string `json:"code"`
	What string `json:"what"`
	Cure string `json:"cure,omitempty"`
	// Gone says that it names items that are gone or that cannot be read: reading again would not bring them, and what there is to read
	// was read.
	Gone bool `json:"gone,omitempty"`
}

// CheckResult is one check in an audit's manifest.
type CheckResult struct {
	ID       string   `json:"id"`
	Scope    string   `json:"scope"`
	Severity string   `json:"severity"`
	Status   string   `json:"status"`
	Observed *float64 `json:"observed,omitempty"`
	Limit    *float64 `json:"limit,omitempty"`
	Message  string   `json:"message"`
}

// Gate is the audit's verdict on the views that need the CRM.
type Gate struct {
	Open   bool   `json:"open"`
	Reason string `json:"reason,omitempty"`
}
