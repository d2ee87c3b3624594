package loadertest

import (
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
)

// Batch makes a batch of one file of rows, all of one table.
func Batch(t testing.TB, id string, rows ...schema.Row) pipeline.Batch {
	t.Helper()
	b, err := (&Trial{dir: t.TempDir()}).batch(id, schema.Of(rows[0]), rows)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ReadAll gives the names of the columns and the rows of a query, times in UTC, and closes it.
func ReadAll(rows *sql.Rows) (columns []string, all []map[string]any, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		row := map[string]any{}
		for i, c := range columns {
			if at, ok := values[i].(time.Time); ok {
				values[i] = at.UTC()
			}
			row[c] = values[i]
		}
		all = append(all, row)
	}
	return columns, all, rows.Err()
}

// Answer collects what a query gives.
type Answer struct {
	Headings []warehouse.Heading
	Rows     [][]any
}

// Columns takes the columns.
func (a *Answer) Columns(c []warehouse.Heading) error {
	a.Headings = c
	return nil
}

// Row takes a row.
func (a *Answer) Row(values []any) error {
	a.Rows = append(a.Rows, slices.Clone(values))
	return nil
}
