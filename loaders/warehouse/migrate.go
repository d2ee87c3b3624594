package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
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
	present, err := w.columns(ctx, tx, t.Name)
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
		if known && was.kind != w.Dialect.Type(c) {
			return ChangedType(w.Dialect, t, c, was.kind)
		}
		if !known && len(present) > 0 {
			changes = append(changes, w.Dialect.AddColumn(t, c))
		}
		if was.comment != c.Doc {
			changes = append(changes, w.Dialect.CommentColumn(t, c))
		}
	}
	return Execute(ctx, tx, changes...)
}

// Execute sends statements one after the other, until one fails.
func Execute(ctx context.Context, tx *sql.Tx, statements ...string) error {
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// column is a column as the warehouse has it: its type in the dialect's words, and its comment.
type column struct{ kind, comment string }

// columns gives the columns that a table has, by name; none if there is no such table.
func (w *Warehouse) columns(ctx context.Context, tx *sql.Tx, table string) (all map[string]column, err error) {
	rows, err := tx.QueryContext(ctx, w.Dialect.Columns, table)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = map[string]column{}
	for rows.Next() {
		var name string
		var c column
		if err := rows.Scan(&name, &c.kind, &c.comment); err != nil {
			return nil, err
		}
		all[name] = c
	}
	return all, rows.Err()
}

// ChangedType is the error that a column of a table has another type than declared.
func ChangedType(d statements.Dialect, t *schema.Table, c schema.Column, was string) error {
	return &pipeline.Error{
		Code: "TL6003", Kind: pipeline.Misuse,
		What: fmt.Sprintf("migrate the warehouse: column %s of table %s is %s and declared as %s", c.Name, t.Name, was, d.Type(c)),
		Cure: fmt.Sprintf("If its values may be converted, run: %s;", d.ChangeType(t, c, was)),
	}
}
