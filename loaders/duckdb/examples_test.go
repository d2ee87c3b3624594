package duckdb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/schema"
	statements "trunkline/sql"
)

// What a view or a check promises in its .yaml is what the engine gives.
func TestExamplesOfViews(t *testing.T) {
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	l := openAll(t, tempConfig(t))
	for _, v := range views {
		query, err := v.Query(statements.DuckDB())
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		for _, c := range v.Columns {
			columns = append(columns, c.Name)
		}
		for _, e := range v.Examples {
			t.Run(v.Name+"/"+e.Name, func(t *testing.T) { tryExample(t, l, query, columns, e) })
		}
	}
}

func TestExamplesOfChecks(t *testing.T) {
	checks, err := statements.Checks()
	if err != nil {
		t.Fatal(err)
	}
	l := openAll(t, tempConfig(t))
	for _, c := range checks {
		for _, e := range c.Examples {
			t.Run(c.ID+"/"+e.Name, func(t *testing.T) {
				if c.EachTable {
					c = c.For(schema.Lookup(e.Table))
				}
				query, err := c.Query(statements.DuckDB())
				if err != nil {
					t.Fatal(err)
				}
				tryExample(t, l, query, []string{"scope", "observed", "threshold"}, e)
			})
		}
	}
}

// tryExample runs a query over an example's rows, in a transaction that is undone.
func tryExample(t *testing.T, l *Loader, query string, columns []string, e statements.Example) {
	t.Helper()
	ctx := t.Context()
	if _, err := l.conn.ExecContext(ctx, "begin"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if _, err := l.conn.ExecContext(ctx, "rollback"); err != nil {
			t.Error(err)
		}
	}()
	for name, value := range e.Parameters {
		literal := fmt.Sprint(value)
		if text, ok := value.(string); ok {
			if literal = "'" + text + "'"; len(text) > len(time.DateOnly) {
				literal = "timestamp " + literal
			}
		}
		if _, err := l.conn.ExecContext(ctx, "set variable "+name+" = "+literal); err != nil {
			t.Fatal(err)
		}
	}
	for table, rows := range e.Given {
		for _, row := range rows {
			if err := insertExample(ctx, l, schema.Lookup(table), row); err != nil {
				t.Fatal(err)
			}
		}
	}
	names, err := columnNames(ctx, l, query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	if diff := cmp.Diff(columns, names); diff != "" {
		t.Errorf("columns: %s", diff)
	}
	got, err := selectAll(ctx, l, query)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(comparable(e.Expect), comparable(got)); diff != "" {
		t.Error(diff)
	}
}

func columnNames(ctx context.Context, l *Loader, query string) ([]string, error) {
	rows, err := l.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return rows.Columns()
}

// insertExample writes a row; columns that cannot be NULL and are not given are zero.
func insertExample(ctx context.Context, l *Loader, table *schema.Table, row map[string]any) error {
	var names, marks []string
	var values []any
	for name := range row {
		if _, ok := table.Column(name); !ok {
			return fmt.Errorf("example: table %s has no column %s", table.Name, name)
		}
	}
	empty := table.New()
	for _, c := range table.Columns {
		value, given := row[c.Name]
		if !given {
			value = schema.Value(empty, c)
		}
		names, marks, values = append(names, `"`+c.Name+`"`), append(marks, "?"), append(values, value)
	}
	_, err := l.conn.ExecContext(ctx, fmt.Sprintf("insert into %s (%s) values (%s)", table.Name, strings.Join(names, ", "), strings.Join(marks, ", ")), values...)
	return err
}

// comparable gives rows as texts, in an order of their own: a view has none.
func comparable(rows []map[string]any) []string {
	out := []string{}
	for _, row := range rows {
		var cells []string
		for name, v := range row {
			if at, ok := v.(time.Time); ok {
				v = at.Format(time.DateTime)
			}
			cells = append(cells, fmt.Sprintf("%s=%v", name, v))
		}
		slices.Sort(cells)
		out = append(out, strings.Join(cells, " "))
	}
	slices.Sort(out)
	return out
}
