package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"trunkline/loaders/warehouse"
)

// Query asks the warehouse in a session that can only read.
func Query(ctx context.Context, c Config, query string, to warehouse.Answer) (err error) {
	db, conn, err := connect(ctx, c.withDefaults(), "on")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	columns, values, into := make([]warehouse.Heading, len(types)), make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		columns[i], into[i] = warehouse.Heading{Name: t.Name(), Type: t.DatabaseTypeName()}, &values[i]
	}
	if err := to.Columns(columns); err != nil {
		return err
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("query: %w", err)
		}
		for i, v := range values {
			values[i] = plain(columns[i].Type, v)
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

// plain makes of a value one of those that an Answer takes.
func plain(kind string, v any) any {
	switch v := v.(type) {
	case time.Time:
		if kind == "DATE" {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format("2006-01-02T15:04:05.999999Z07:00")
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
	case []byte:
		return string(v)
	case string:
		if kind == "NUMERIC" { // what float64 holds is a number, the rest stays the text that it is
			if f, err := strconv.ParseFloat(v, 64); err == nil && len(v) <= 15 {
				return f
			}
		}
	}
	return v
}
