package duckdb

import (
	"context"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Plan tells what loading a batch would do. It neither opens the database nor reads the files; nothing leaves the machine, so nothing is
// uploaded.
func Plan(_ context.Context, _ Config, b pipeline.Batch) (warehouse.Planned, error) {
	e := &engine{dialect: statements.DuckDB()}
	merging := warehouse.Merging(e.dialect, b, func(t *schema.Table, files []pipeline.File) []string {
		return []string{e.naming(t.Name+".parquet", files)} // an empty file, made when the batch is loaded
	})
	all := append([]string{"begin", "set variable loaded_at = timestamp '(the time of the load)'"}, merging...)
	return warehouse.Planned{Statements: append(all, "commit")}, nil
}
