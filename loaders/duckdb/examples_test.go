package duckdb

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"trunkline/loaders/loadertest"
	statements "trunkline/sql"
)

func TestExamplesOfViews(t *testing.T) {
	loadertest.RunViews(t, statements.DuckDB(), engine{openAll(t, tempConfig(t))})
}

func TestExamplesOfChecks(t *testing.T) {
	loadertest.RunChecks(t, statements.DuckDB(), engine{openAll(t, tempConfig(t))})
}

func TestFunctions(t *testing.T) {
	loadertest.RunFunctions(t, statements.DuckDB(), engine{openAll(t, tempConfig(t))})
}

// engine is the connection of a loader.
type engine struct{ *Loader }

func (e engine) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := e.conn.ExecContext(ctx, statement, args...)
	return err
}

func (e engine) Set(ctx context.Context, name string, value any) error {
	literal := fmt.Sprint(value)
	switch value := value.(type) {
	case string:
		if literal = e.dialect.Literal(value); len(value) > len(time.DateOnly) {
			literal = "timestamp " + literal
		}
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = e.dialect.Literal(item.(string))
		}
		literal = "[" + strings.Join(items, ", ") + "]"
	}
	return e.Exec(ctx, "set variable "+name+" = "+literal)
}

func (e engine) Select(ctx context.Context, query string) ([]string, []map[string]any, error) {
	rows, err := e.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	return readAll(rows)
}
