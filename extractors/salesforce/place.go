package salesforce

import (
	"encoding/json"
	"strings"
	"time"

	"trunkline/internal/salesforce"
	"trunkline/pipeline"
)

// place is how far a pull has come: what a cursor holds.
type place struct {
	// Rows are still to be read that changed at Since with an id behind After, or later. Many rows may have changed in one second.
	Since time.Time `json:"since,omitzero"`
	After string    `json:"after,omitzero"`

	Begun   time.Time           `json:"begun,omitzero"`   // when this pass over the changes began, by the server's clock
	Covered time.Time           `json:"covered,omitzero"` // until when deletions have been emitted
	Bulk    salesforce.Position `json:"bulk,omitzero"`    // in the results of a job for all rows since Since
}

// lag is how far the list of deletions may be behind the rows: a run must look so much further back than the watermark that rows
// left. That a deletion is told twice does no harm.
const lag = time.Hour

// parsePlace reads a cursor; one that is none of ours, or of another window, is the beginning.
func parsePlace(cursor string, w pipeline.Window) place {
	beginning := place{Since: w.From}
	if !w.From.IsZero() {
		beginning.Covered = w.From.Add(-lag)
	}
	var p place
	if json.Unmarshal([]byte(cursor), &p) != nil || p.Begun.IsZero() || p.Since.Before(w.From) {
		return beginning
	}
	return p
}

func (p place) cursor() (string, error) {
	b, err := json.Marshal(p)
	return string(b), err
}

// condition gives the WHERE clause of a source's rows from here until a time, which may be zero.
func (p place) condition(of source, until time.Time) string {
	var terms []string
	if of.only != "" {
		terms = append(terms, of.only)
	}
	since := salesforce.Literal(p.Since)
	switch {
	case p.Since.IsZero():
	case p.After == "":
		terms = append(terms, of.stamp+" >= "+since)
	default:
		terms = append(terms, "("+of.stamp+" > "+since+" OR ("+of.stamp+" = "+since+" AND Id > "+salesforce.Quote(p.After)+"))")
	}
	if !until.IsZero() {
		terms = append(terms, of.stamp+" < "+salesforce.Literal(until))
	}
	if terms == nil {
		return ""
	}
	return " WHERE " + strings.Join(terms, " AND ")
}

// advance moves the place behind the last row of an ordered page. Rows that changed since the pass began are passed over: a later
// page shows them as they are then, at the place of what they were, and to jump there would skip all rows in between.
func (p *place) advance(page []pipeline.Record) {
	for _, r := range page {
		if r.At.IsZero() || r.At.After(p.Begun) || r.At.Before(p.Since) {
			continue
		}
		p.Since, p.After = r.At, r.Key
	}
}
