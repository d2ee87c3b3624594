package warehouse

import (
	"database/sql"
	"fmt"
)

// Heading is a column of an answer: its name, and its type in the warehouse's words.
type Heading struct{ Name, Type string }

// Answer takes what a query gives: first the columns, then row by row the values (nil, bool, int64, float64, string or
// something that marshals itself as JSON; times and days are strings). The slice of values is used again for the next row.
type Answer interface {
	Columns(columns []Heading) error
	Row(values []any) error
}

// Give hands over an answer; plain makes of a value of a type, in the warehouse's words, one of those that an Answer takes.
func Give(rows *sql.Rows, to Answer, plain func(kind string, v any) (any, error)) error {
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	columns, values, into := make([]Heading, len(types)), make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		columns[i], into[i] = Heading{Name: t.Name(), Type: t.DatabaseTypeName()}, &values[i]
	}
	if err := to.Columns(columns); err != nil {
		return err
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("query: %w", err)
		}
		for i, v := range values {
			if values[i], err = plain(columns[i].Type, v); err != nil {
				return fmt.Errorf("query: column %s: %w", columns[i].Name, err)
			}
		}
		if err := to.Row(values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}
