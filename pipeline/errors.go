package pipeline

import (
	"slices"
	"strings"
)

// Kind is what a caller of trunkline must know of an error: whether trying again can help, and who must act.
type Kind int

// The kinds. The command maps each to an exit code.
const (
	Failure  Kind = iota // a retry may help
	Partial              // finished, but with more rejects than allowed
	Denied               // credentials or permissions: a person must act
	Misuse               // usage, configuration or a schema contract: a person must act
	Upstream             // a source or warehouse is down, not ready, or limits us past our own retries: later
	Gated                // a quality gate is closed
	Locked               // another run is at work
	Gone                 // of warnings: items that no reading again would bring, all else is complete
)

// Error is an error a person can act on: what went wrong, with what, and what to do. Its code names a page in docs/errors.
type Error struct {
	Code string // TL4103
	Kind Kind
	What string // what was being done, to what, and what came of it; lower case
	Cure string // what to do now, as a sentence; may be empty
	Err  error  // the cause; may be nil
}

// Error gives code, what, cause and cure on one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	b.WriteByte(' ')
	b.WriteString(e.What)
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	if e.Cure != "" {
		b.WriteString(". ")
		b.WriteString(e.Cure)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Warnings are what an extraction could not read although it has read everything else. The step is done all the same: its manifest
// and the outcome of the run tell of them. They must never be joined with another error.
type Warnings []*Error

// Error gives them all.
func (w Warnings) Error() string {
	texts := make([]string, len(w))
	for i, e := range w {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "; ")
}

// addTo adds warnings, as a manifest tells them, to those that are noted already; each once.
func (w Warnings) addTo(notes []Note) []Note {
	for _, e := range w {
		n := Note{Code: e.Code, What: e.What, Cure: e.Cure, Gone: e.Kind == Gone}
		if e.Err != nil {
			n.What += ": " + e.Err.Error()
		}
		if !slices.Contains(notes, n) {
			notes = append(notes, n)
		}
	}
	return notes
}
