package postgres

import (
	"context"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Plan tells what loading a batch would send. It neither connects nor reads the files.
func Plan(_ context.Context, _ Config, b pipeline.Batch) (warehouse.Planned, error) {
	e := engine{dialect: statements.PostgreSQL()}
	merging := warehouse.Merging(e.dialect, b, func(t *schema.Table, files []pipeline.File) []string {
		all := e.staging(t)
		for range files {
			all = append(all, e.copying(t))
		}
		return append(all, e.analysis(t))
	})
	all := append([]string{"begin", setParameter}, merging...)
	return warehouse.Planned{Statements: append(all, "commit"), Upload: warehouse.Upload(b)}, nil
}
