package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trunkline/schema"
)

// Reenrich asks for the rows that the CRM has changed.
func (w *Warehouse) Reenrich(ctx context.Context, since time.Time, emit func(schema.Row) error) error {
	query, err := w.Dialect.Reenrich()
	if err != nil {
		return err
	}
	err = w.writeOnce(ctx, func(tx *sql.Tx) error {
		if err := w.Engine.Set(ctx, tx, "since", since); err != nil {
			return err
		}
		return giveRows(ctx, tx, query, schema.UnifiedInteractions, emit)
	})
	if err != nil {
		return fmt.Errorf("join rows since %s with the mirror anew: %w", since.UTC().Format(time.RFC3339), err)
	}
	return nil
}

// giveRows hands over what a query of all columns of a table gives.
func giveRows(ctx context.Context, tx *sql.Tx, query string, t *schema.Table, emit func(schema.Row) error) (err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row, err := t.Fill(values)
		if err != nil {
			return err
		}
		if err := emit(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
