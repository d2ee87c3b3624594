package redshift

import (
	"context"
	"fmt"
	"io"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Plan tells what loading a batch would send: every statement but those that enter it into the ledger and hold the lease, and how many
// bytes go into the bucket. It reads the batch's files, and neither connects nor writes.
func Plan(ctx context.Context, c Config, b pipeline.Batch) (warehouse.Planned, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return warehouse.Planned{}, err
	}
	e := &engine{config: c, dialect: statements.Redshift()}
	planned := warehouse.Planned{Statements: []string{
		"begin", parameters,
		"delete from trunkline_parameters where name = 'loaded_at'",
		"insert into trunkline_parameters (name, value) values ('loaded_at', the time of the load)",
	}}
	var failed error
	merging := warehouse.Merging(e.dialect, b, func(t *schema.Table, files []pipeline.File) []string {
		if failed != nil {
			return nil
		}
		var staging []string
		var upload int64
		staging, upload, failed = e.planStage(ctx, t, files)
		planned.Upload += upload
		return staging
	})
	if failed != nil {
		return warehouse.Planned{}, failed
	}
	planned.Statements = append(append(planned.Statements, merging...), "commit")
	return planned, nil
}

// planStage tells what Stage would send, and how many bytes it would upload.
func (e *engine) planStage(ctx context.Context, t *schema.Table, files []pipeline.File) (all []string, upload int64, err error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	staged, err := e.encode(io.Discard, t, files)
	if err != nil {
		return nil, 0, fmt.Errorf("plan the load of %s: %w", t.Name, err)
	}
	all = e.createStaging(t)
	if staged.rows > 0 {
		listed := e.list(staged)
		all = append(all, e.copyStatement(t, listed.key), lastCopy)
		upload = staged.size + listed.size
	}
	return all, upload, nil
}
