package warehouse

// Heading is a column of an answer: its name, and its type in the warehouse's words.
type Heading struct{ Name, Type string }

// Answer takes what a query gives: first the columns, then row by row the values (nil, bool, int64, float64, string or
// something that marshals itself as JSON; times and days are strings). The slice of values is used again for the next row.
type Answer interface {
	Columns(columns []Heading) error
	Row(values []any) error
}
