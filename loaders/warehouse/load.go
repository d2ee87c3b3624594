package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Load merges a batch and enters it into the ledger in one transaction.
func (w *Warehouse) Load(ctx context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	if b.Table.Internal || b.Table.Parent != nil || !statements.Loaded(b.Table) {
		return nil, fmt.Errorf("load %s: no batch is loaded into this table", b.Table.Name)
	}
	var loaded map[string]pipeline.Loaded
	err := w.Write(ctx, func(tx *sql.Tx) error {
		earlier, found, err := committed(ctx, tx, b)
		if err != nil || found {
			loaded = earlier
			return err
		}
		if loaded, err = w.merge(ctx, tx, b); err != nil {
			return err
		}
		return commit(ctx, tx, b, loaded)
	})
	if err != nil {
		return nil, fmt.Errorf("load %s into %s: %w", b.ID, b.Table.Name, err)
	}
	return loaded, nil
}

// merge sends the statements of a batch. A child table without rows in it still loses those of the rows that are replaced.
func (w *Warehouse) merge(ctx context.Context, tx *sql.Tx, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	if err := w.Engine.Set(ctx, tx, "loaded_at", time.Now()); err != nil {
		return nil, err
	}
	if err := w.stage(ctx, tx, b.Table, b.Files); err != nil {
		return nil, err
	}
	m := w.Dialect.MergeInto(b.Table)
	loaded, err := mergeRows(ctx, tx, m, b)
	if err != nil {
		return nil, err
	}
	all := map[string]pipeline.Loaded{b.Table.Name: loaded}
	for _, r := range m.Children {
		var files []pipeline.File
		for _, part := range b.Children {
			if part.Table == r.Table {
				files = append(files, part.Files...)
			}
		}
		if err := w.stage(ctx, tx, r.Table, files); err != nil {
			return nil, err
		}
		if all[r.Table.Name], err = replaceChildren(ctx, tx, r, files); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Table.Name, err)
		}
	}
	_, err = tx.ExecContext(ctx, m.Drop)
	return all, err
}

// mergeRows plans what is to become of the batch's own rows, and does it; the plan stays for the children.
func mergeRows(ctx context.Context, tx *sql.Tx, m statements.Merge, b pipeline.Batch) (loaded pipeline.Loaded, err error) {
	if err := received(ctx, tx, m.Received, b.Files); err != nil {
		return loaded, err
	}
	if _, err := tx.ExecContext(ctx, m.Plan); err != nil {
		return loaded, fmt.Errorf("plan: %w", err)
	}
	if m.Analyze != "" {
		if _, err := tx.ExecContext(ctx, m.Analyze); err != nil {
			return loaded, fmt.Errorf("analyze the plan: %w", err)
		}
	}
	var keys, plans int64
	if err := tx.QueryRowContext(ctx, m.Count).Scan(&keys, &plans, &loaded.Inserted, &loaded.Updated, &loaded.Unchanged); err != nil {
		return loaded, fmt.Errorf("count: %w", err)
	}
	if plans > keys {
		return loaded, doubled(b.Table, plans-keys)
	}
	for _, step := range [][2]string{{"compare", m.Compare}, {"record", m.Record}} {
		if step[1] == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, step[1]); err != nil {
			return loaded, fmt.Errorf("%s: %w", step[0], err)
		}
	}
	if m.Delete != "" {
		if err := write(ctx, tx, "delete", m.Delete, loaded.Updated); err != nil {
			return loaded, err
		}
	}
	return loaded, write(ctx, tx, "insert", m.Insert, loaded.Inserted+loaded.Updated)
}

// replaceChildren puts the children of the planned rows in the place of those that were there.
func replaceChildren(ctx context.Context, tx *sql.Tx, r statements.Replace, files []pipeline.File) (loaded pipeline.Loaded, err error) {
	if err := received(ctx, tx, r.Received, files); err != nil {
		return loaded, err
	}
	var orphans int64
	if err := tx.QueryRowContext(ctx, r.Count).Scan(&loaded.Inserted, &loaded.Unchanged, &orphans); err != nil {
		return loaded, fmt.Errorf("count: %w", err)
	}
	if orphans > 0 {
		return loaded, fmt.Errorf("%d rows have no row of %s in the batch", orphans, r.Table.Parent.Name)
	}
	result, err := tx.ExecContext(ctx, r.Delete)
	if err != nil {
		return loaded, fmt.Errorf("delete: %w", err)
	}
	if loaded.Deleted, err = result.RowsAffected(); err != nil {
		return loaded, fmt.Errorf("delete: %w", err)
	}
	return loaded, write(ctx, tx, "insert", r.Insert, loaded.Inserted)
}

// write sends a statement that must write as many rows as planned. With keys that are unique before, in the plan and in the
// table, it proves that they are unique after.
func write(ctx context.Context, tx *sql.Tx, step, statement string, planned int64) error {
	result, err := tx.ExecContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	if n != planned {
		return fmt.Errorf("%s: %d rows instead of the %d that were planned", step, n, planned)
	}
	return nil
}

func doubled(t *schema.Table, n int64) error {
	return &pipeline.Error{
		Code: "TL6007", Kind: pipeline.Misuse,
		What: fmt.Sprintf("table %s holds %d of the batch's keys more than once; nothing was loaded", t.Name, n),
		Cure: fmt.Sprintf("Something else wrote to the table; remove the rows that are too many: select %[1]s, count(*) from %[2]s group by %[1]s having count(*) > 1",
			strings.Join(t.Keys(), ", "), t.Name),
	}
}

// stage makes the batch relation hold a table's files.
func (w *Warehouse) stage(ctx context.Context, tx *sql.Tx, t *schema.Table, files []pipeline.File) error {
	if err := w.Engine.Stage(ctx, tx, t, files); err != nil {
		return fmt.Errorf("stage the batch: %w", err)
	}
	return nil
}

// received holds the files against what their manifest promises.
func received(ctx context.Context, tx *sql.Tx, count string, files []pipeline.File) error {
	var promised, found int64
	for _, f := range files {
		promised += f.Rows
	}
	if err := tx.QueryRowContext(ctx, count).Scan(&found); err != nil {
		return fmt.Errorf("read the batch's files: %w", err)
	}
	if found != promised {
		return &pipeline.Error{
			Code: "TL6006", Kind: pipeline.Failure,
			What: fmt.Sprintf("the batch's files hold %d rows where their manifest promises %d", found, promised),
			Cure: "The files were changed after they were written; run the transform again with --again",
		}
	}
	return nil
}
