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
	if err := e.planStage(ctx, &planned, b.Table, b.Files); err != nil {
		return warehouse.Planned{}, err
	}
	merge := e.dialect.MergeInto(b.Table)
	planned.Statements = append(planned.Statements, merge.Received, merge.Plan, merge.Count)
	if merge.Compare != "" {
		planned.Statements = append(planned.Statements, merge.Compare, merge.Record)
	}
	planned.Statements = append(planned.Statements, merge.Delete, merge.Insert)
	for _, child := range merge.Children {
		var files []pipeline.File
		for _, part := range b.Children {
			if part.Table == child.Table {
				files = append(files, part.Files...)
			}
		}
		if err := e.planStage(ctx, &planned, child.Table, files); err != nil {
			return warehouse.Planned{}, err
		}
		planned.Statements = append(planned.Statements, child.Received, child.Count, child.Delete, child.Insert)
	}
	planned.Statements = append(append(planned.Statements, merge.Drop...), "commit")
	return planned, nil
}

// planStage tells what Stage would send.
func (e *engine) planStage(ctx context.Context, planned *warehouse.Planned, t *schema.Table, files []pipeline.File) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	staged, err := e.encode(io.Discard, t, files)
	if err != nil {
		return fmt.Errorf("plan the load of %s: %w", t.Name, err)
	}
	planned.Statements = append(planned.Statements, e.createStaging(t)...)
	if staged.rows > 0 {
		listed := e.list(staged)
		planned.Statements = append(planned.Statements, e.copyStatement(t, listed.key), lastCopy)
		planned.Upload += staged.size + listed.size
	}
	return nil
}
