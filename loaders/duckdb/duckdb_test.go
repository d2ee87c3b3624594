package duckdb

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
)

// tempWarehouse is a warehouse in a folder of the test's own.
type tempWarehouse struct{ config Config }

func (w tempWarehouse) Open(ctx context.Context) (pipeline.Loader, error) {
	return Open(ctx, w.config, "test")
}

func (w tempWarehouse) Rows(ctx context.Context, l pipeline.Loader, table string) ([]map[string]any, error) {
	return selectAll(ctx, l.(*Loader), "select * from "+table)
}

func selectAll(ctx context.Context, l *Loader, query string) ([]map[string]any, error) {
	rows, err := l.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all []map[string]any
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
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
	return all, rows.Err()
}

func tempConfig(t testing.TB) Config {
	dir := t.TempDir()
	return Config{Path: filepath.Join(dir, "state", "warehouse.duckdb"), Published: filepath.Join(dir, "published", "trunkline.duckdb"), Threads: 2}
}

func TestPromises(t *testing.T) {
	loadertest.Run(t, func(t *testing.T) loadertest.Warehouse { return tempWarehouse{tempConfig(t)} })
}
