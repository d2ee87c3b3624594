package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"trunkline/loaders/warehouse"
	statements "trunkline/sql"
)

// Query asks the published file. The query can read that file and nothing else: no other file, no network, no setting.
func Query(ctx context.Context, c Config, query string, to warehouse.Answer) error {
	return asking(ctx, c, func(conn *sql.Conn) error { return answer(ctx, conn, query, to) }, query)
}

// asking opens the published file for one query, in an engine of its own, which nothing that follows can change for others. The settings
// are made before they are locked.
func asking(ctx context.Context, c Config, ask func(*sql.Conn) error, query string, settings ...string) (err error) {
	if _, err := os.Stat(c.Published); err != nil {
		return Unpublished(c, err)
	}
	if err := single(query); err != nil {
		return err
	}
	db, conn, err := connect(ctx, c, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	for _, set := range append(settings,
		"attach "+statements.DuckDB().Literal(c.Published)+" as published (read_only)",
		"use published",
		"set enable_external_access = false",
		"set lock_configuration = true",
	) {
		if _, err := conn.ExecContext(ctx, set); err != nil {
			return unopened(c.Published, err)
		}
	}
	return ask(conn)
}

// answer gives the answer to a query.
func answer(ctx context.Context, conn *sql.Conn, query string, to warehouse.Answer) error {
	rows, err := conn.QueryContext(ctx, query) //nolint:rowserrcheck // Give does
	if err != nil {
		return explainMissing(ctx, conn, err)
	}
	defer func() { _ = rows.Close() }()
	return warehouse.Give(rows, to, plain)
}
