package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Migrate makes the tables as they are declared: new tables, new columns at the end, the comments. A column that has another
// type than declared is an error that names the statement to run.
func (l *Loader) Migrate(ctx context.Context, tables []*schema.Table) error {
	return l.transact(ctx, func(tx *sql.Tx) error {
		if err := l.holdLease(ctx, tx); err != nil {
			return err
		}
		return l.migrate(ctx, tx, tables)
	})
}

func (l *Loader) migrate(ctx context.Context, tx *sql.Tx, tables []*schema.Table) error {
	for _, t := range tables {
		if t.Internal {
			continue
		}
		if t.Changes != nil { // a merge writes there
			if err := l.migrateTable(ctx, tx, t.Changes); err != nil {
				return fmt.Errorf("migrate %s: %w", t.Changes.Name, err)
			}
		}
		if err := l.migrateTable(ctx, tx, t); err != nil {
			return fmt.Errorf("migrate %s: %w", t.Name, err)
		}
	}
	return nil
}

func (l *Loader) migrateTable(ctx context.Context, tx *sql.Tx, t *schema.Table) error {
	present, err := columnsOf(ctx, tx, t.Name)
	if err != nil {
		return err
	}
	var changes []string
	if len(present) == 0 {
		changes = append(changes, l.dialect.CreateTable(t), l.dialect.CommentTable(t))
	}
	for _, c := range t.Columns {
		was, known := present[c.Name]
		if known && was.kind != l.dialect.Type(c) {
			return l.changedType(t, c, was.kind)
		}
		if !known && len(present) > 0 {
			changes = append(changes, l.dialect.AddColumn(t, c))
		}
		if was.comment != c.Doc {
			changes = append(changes, l.dialect.CommentColumn(t, c))
		}
	}
	for _, change := range changes {
		if _, err := tx.ExecContext(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

func (l *Loader) changedType(t *schema.Table, c schema.Column, was string) error {
	return &pipeline.Error{
		Code: "TL6003", Kind: pipeline.Misuse,
		What: fmt.Sprintf("migrate the warehouse: column %s of table %s is %s and declared as %s", c.Name, t.Name, was, l.dialect.Type(c)),
		Cure: fmt.Sprintf("If its values may be converted, run: %s;", l.dialect.ChangeType(t, c)),
	}
}

type column struct{ kind, comment string }

// columnsOf gives the columns that a table has, by name; none if there is no such table.
func columnsOf(ctx context.Context, tx *sql.Tx, table string) (map[string]column, error) {
	rows, err := tx.QueryContext(ctx, `select column_name, data_type, coalesce(comment, '')
from duckdb_columns()
where database_name = current_database() and schema_name = 'main' and table_name = ?`, table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns := map[string]column{}
	for rows.Next() {
		var name string
		var c column
		if err := rows.Scan(&name, &c.kind, &c.comment); err != nil {
			return nil, err
		}
		c.kind = strings.ToLower(c.kind)
		columns[name] = c
	}
	return columns, rows.Err()
}
