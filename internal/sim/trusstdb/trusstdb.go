// Package trusstdb puts the world's Trusst into a database: a real PostgreSQL, as of one moment and then of another.
package trusstdb

import (
	"context"
	"database/sql"
	_ "embed" // of the tables
	"errors"
	"fmt"
	"strings"

	"trunkline/internal/sim/scenario"
)

//go:embed schema.sql
var tables string

// Create makes the tables in the schema that the connection is in. It is an error if they are there.
func Create(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, tables); err != nil {
		return fmt.Errorf("create the tables of Trusst: %w", err)
	}
	return nil
}

// ours is the comment on the tables' first by which it is known that nothing else is in them than what a world has.
const ours = "filled by a simulation"

// Prepare makes the tables, unless they are there and an earlier simulation's. Tables of anybody else are an error: Set would empty them.
func Prepare(ctx context.Context, db *sql.DB) error {
	var there bool
	var comment sql.NullString
	const look = `select
    to_regclass('contacts') is not null,
    obj_description(to_regclass('contacts'), 'pg_class')`
	if err := db.QueryRowContext(ctx, look).Scan(&there, &comment); err != nil {
		return fmt.Errorf("look for the tables of Trusst: %w", err)
	}
	switch {
	case there && comment.String == ours:
		return nil
	case there:
		return errors.New("create the tables of Trusst: the database has a table contacts that is not of a simulation; name an empty database")
	}
	if err := Create(ctx, db); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "comment on table contacts is '"+ours+"'"); err != nil {
		return fmt.Errorf("create the tables of Trusst: %w", err)
	}
	return nil
}

// Set makes the tables hold what Trusst has, and nothing else, in one transaction: who reads meanwhile sees the tables as they
// were or as they are.
func Set(ctx context.Context, db *sql.DB, has scenario.TrusstDatabase) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fill the tables of Trusst: %w", err)
	}
	if err := set(ctx, tx, has); err != nil {
		return errors.Join(fmt.Errorf("fill the tables of Trusst: %w", err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("fill the tables of Trusst: %w", err)
	}
	return nil
}

func set(ctx context.Context, tx *sql.Tx, has scenario.TrusstDatabase) error {
	for _, table := range []string{"s3_conversations", "inferences", "contacts", "questions", "streams"} {
		if _, err := tx.ExecContext(ctx, "delete from "+table); err != nil {
			return err
		}
	}
	for _, table := range []content{
		rowsOf("streams", 3, has.Streams, func(s scenario.TrusstStream) []any { return []any{s.ID, s.Name, s.Type} }),
		rowsOf("questions", 8, has.Questions, func(q scenario.TrusstQuestion) []any {
			return []any{q.ID, q.Key, q.Text, q.ResultType, q.Universal, q.Scored, q.Group, q.CreatedAt.UTC()}
		}),
		rowsOf("contacts", 8, has.Contacts, func(c scenario.TrusstContact) []any {
			return []any{c.ID, c.StreamID, c.ExternalID, c.StartTime, c.Direction, c.Stage, c.AgentID, c.CreatedAt}
		}),
		rowsOf("inferences", 6, has.Inferences, func(i scenario.TrusstInference) []any {
			return []any{i.ID, i.ContactID, i.QuestionID, i.Result, i.CreatedAt, i.UpdatedAt}
		}),
		rowsOf("s3_conversations", 8, has.Recordings, func(r scenario.TrusstRecording) []any {
			return []any{r.ID, r.ContactID, r.StreamID, r.ConnID, r.AgentID, r.CallTime, nil, nil}
		}),
	} {
		if err := table.insert(ctx, tx); err != nil {
			return fmt.Errorf("%s: %w", table.name, err)
		}
	}
	return nil
}

// content is the rows of a table, cell after cell.
type content struct {
	name  string
	width int
	cells []any
}

func rowsOf[T any](name string, width int, rows []T, cells func(T) []any) content {
	c := content{name: name, width: width}
	for _, row := range rows {
		c.cells = append(c.cells, cells(row)...)
	}
	return c
}

// insert writes the rows, some hundreds at a time.
func (c content) insert(ctx context.Context, tx *sql.Tx) error {
	const most = 500
	for cells := c.cells; len(cells) > 0; {
		n := min(len(cells), most*c.width)
		var b strings.Builder
		fmt.Fprintf(&b, "insert into %s values ", c.name)
		for i := range n {
			b.WriteString([]string{", ", "("}[boolToInt(i%c.width == 0)])
			fmt.Fprintf(&b, "$%d", i+1)
			if i%c.width == c.width-1 {
				b.WriteString([]string{"), ", ")"}[boolToInt(i == n-1)])
			}
		}
		if _, err := tx.ExecContext(ctx, b.String(), cells[:n]...); err != nil {
			return err
		}
		cells = cells[n:]
	}
	return nil
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
