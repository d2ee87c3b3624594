// Package scenario is a contact centre that never existed, with its customers' CRM, and the ledger of what truly happened in
// it. Everything follows from a Config: the same seed gives the same calls, the same mistakes and the same truth. A
// conversation is a story told twice by the same happenings, once as the payload that an interface would show at a moment,
// once as the truth at that moment; neither is computed from the other.
package scenario

import (
	"iter"
	"time"
)

// World is one simulated contact centre and its CRM. It is safe for concurrent use.
type World struct{ cfg Config }

// New makes the world of c. Its days are told when they are first asked for.
func New(c Config) *World { return &World{cfg: c} }

// Config is the configuration that the world was made from.
func (w *World) Config() Config { return w.cfg }

// Overlapping gives, by start and id, the conversations that began before at and whose life, as known at at, overlaps
// [from, to).
func (w *World) Overlapping(from, to, at time.Time) iter.Seq[*Conversation] {
	return func(func(*Conversation) bool) {}
}

// StartedOn gives, by start and id, the conversations that began in [from, to) and before at.
func (w *World) StartedOn(from, to, at time.Time) iter.Seq[*Conversation] {
	return func(func(*Conversation) bool) {}
}

// Conversation finds a conversation by its id; nil if there is none.
func (w *World) Conversation(id string) *Conversation { return nil }

// Users are the contact centre's users at a moment, deleted ones included.
func (w *World) Users(at time.Time) []User { return nil }

// Queues are the queues that the contact centre lists at a moment; a deleted one is gone.
func (w *World) Queues(at time.Time) []Queue { return nil }

// WrapupCodes are the wrap-up codes listed at a moment; the system's own are never listed.
func (w *World) WrapupCodes(at time.Time) []WrapupCode { return nil }

// Objects are all records of a CRM object ("Account", "Case", "Opportunity", "User") that ever exist, by id.
func (w *World) Objects(object string) []*Object { return nil }

// Ledger is the truth of all conversations begun before upTo: their facts as of lake, the CRM's as of crm.
func (w *World) Ledger(lake, crm, upTo time.Time) *Ledger { return &Ledger{} }
