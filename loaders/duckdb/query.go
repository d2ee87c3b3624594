package duckdb

import (
	"context"
	"errors"
	"os"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// Query asks the published file. The query can read that file and nothing else: no other file, no network, no setting.
func Query(ctx context.Context, c Config, query string, to warehouse.Answer) (err error) {
	if _, err := os.Stat(c.Published); err != nil {
		return &pipeline.Error{
			Code: "TL6005", Kind: pipeline.Misuse, What: "query " + c.Published + ": nothing is published there",
			Cure: "Run: trunkline run; its last step publishes", Err: err,
		}
	}
	if err := single(query); err != nil {
		return err
	}
	db, conn, err := connect(ctx, c, "") // an engine of its own, which nothing that follows can change for others
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	for _, set := range []string{
		"attach " + statements.DuckDB().Literal(c.Published) + " as published (read_only)",
		"use published",
		"set enable_external_access = false",
		"set lock_configuration = true",
	} {
		if _, err := conn.ExecContext(ctx, set); err != nil {
			return unopened(c.Published, err)
		}
	}
	rows, err := conn.QueryContext(ctx, query) //nolint:rowserrcheck // Give does
	if err != nil {
		return explainMissing(ctx, conn, err)
	}
	defer func() { _ = rows.Close() }()
	return warehouse.Give(rows, to, plain)
}
