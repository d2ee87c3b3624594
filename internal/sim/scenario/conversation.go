package scenario

import "time"

// Conversation is one story of the world. It is safe for concurrent use.
type Conversation struct {
	ID    string
	Start time.Time
}

// Metric is one metric as the contact centre's aggregates count it: by the moment at which it was emitted.
type Metric struct {
	Name      string
	Value     int64
	Emit      time.Time
	QueueID   string // empty outside queues
	MediaType string
	UserID    string // empty where no user is involved
	Direction string
}

// End is when the conversation had ended, as known at at; false while it was open, also when it had been opened again.
func (c *Conversation) End(at time.Time) (time.Time, bool) { return time.Time{}, false }

// AppendJSON appends the conversation as the analytics interface showed it at at, with participant attributes or without.
func (c *Conversation) AppendJSON(b []byte, at time.Time, attributes bool) []byte { return b }

// AppendService appends the conversation as the conversation service (GET /conversations/{id}) showed it at at.
func (c *Conversation) AppendService(b []byte, at time.Time) []byte { return b }

// Emitted are the metrics emitted until at.
func (c *Conversation) Emitted(at time.Time) []Metric { return nil }

// Truth is what had really happened until at.
func (c *Conversation) Truth(at time.Time) Truth { return Truth{} }

// Division is the first division of the conversation.
func (c *Conversation) Division() string { return "" }
