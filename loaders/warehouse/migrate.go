package warehouse

import (
	"context"
	"database/sql"
	"fmt"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Migrate makes the tables as they are declared: new tables, new columns at the end, the comments. A column that has another
// type than declared is an error that names the statement to run.
func (w *Warehouse) Migrate(ctx context.Context, tables []*schema.Table) error {
	return w.Write(ctx, func(tx *sql.Tx) error { return w.migrate(ctx, tx, tables) })
}

func (w *Warehouse) migrate(ctx context.Context, tx *sql.Tx, tables []*schema.Table) error {
	for _, t := range tables {
		if t.Internal {
			continue
		}
		if t.Changes != nil { // a merge writes there
			if err := w.migrateTable(ctx, tx, t.Changes); err != nil {
				return fmt.Errorf("migrate %s: %w", t.Changes.Name, err)
			}
		}
		if err := w.migrateTable(ctx, tx, t); err != nil {
			return fmt.Errorf("migrate %s: %w", t.Name, err)
		}
	}
	return nil
}

func (w *Warehouse) migrateTable(ctx context.Context, tx *sql.Tx, t *schema.Table) error {
	present, err := w.Engine.Columns(ctx, tx, t.Name)
	if err != nil {
		return err
	}
	var changes []string
	if len(present) == 0 {
		changes = append(changes, w.Dialect.CreateTable(t), w.Dialect.CommentTable(t))
		if key := w.Dialect.CreateKey(t); key != "" {
			changes = append(changes, key)
		}
	}
	for _, c := range t.Columns {
		was, known := present[c.Name]
		if known && was.Kind != w.Dialect.Type(c) {
			return w.changedType(t, c, was.Kind)
		}
		if !known && len(present) > 0 {
			changes = append(changes, w.Dialect.AddColumn(t, c))
		}
		if was.Comment != c.Doc {
			changes = append(changes, w.Dialect.CommentColumn(t, c))
		}
	}
	for _, change := range changes {
		if _, err := tx.ExecContext(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

func (w *Warehouse) changedType(t *schema.Table, c schema.Column, was string) error {
	return &pipeline.Error{
		Code: "TL6003", Kind: pipeline.Misuse,
		What: fmt.Sprintf("migrate the warehouse: column %s of table %s is %s and declared as %s", c.Name, t.Name, was, w.Dialect.Type(c)),
		Cure: fmt.Sprintf("If its values may be converted, run: %s;", w.Dialect.ChangeType(t, c)),
	}
}
