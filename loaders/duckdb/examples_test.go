package duckdb

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"trunkline/internal/evidence"
	"trunkline/loaders/loadertest"
	statements "trunkline/sql"
)

func TestExamplesOfViews(t *testing.T) {
	evidence.Shows(t, "DuckDB", evidence.Views, evidence.Engine)
	loadertest.RunViews(t, statements.DuckDB(), exampled{openAll(t, tempConfig(t))})
}

func TestExamplesOfChecks(t *testing.T) {
	loadertest.RunChecks(t, statements.DuckDB(), exampled{openAll(t, tempConfig(t))})
}

func TestFunctions(t *testing.T) {
	loadertest.RunFunctions(t, statements.DuckDB(), exampled{openAll(t, tempConfig(t))})
}

// exampled is the connection of a loader.
type exampled struct{ *Loader }

func (e exampled) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := e.Conn.ExecContext(ctx, statement, args...)
	return err
}

func (e exampled) Set(ctx context.Context, name string, value any) error {
	literal := fmt.Sprint(value)
	switch value := value.(type) {
	case string:
		if literal = e.Dialect.Literal(value); len(value) > len(time.DateOnly) {
			literal = "timestamp " + literal
		}
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = e.Dialect.Literal(item.(string))
		}
		literal = "[" + strings.Join(items, ", ") + "]"
	}
	return e.Exec(ctx, "set variable "+name+" = "+literal)
}

func (e exampled) Select(ctx context.Context, query string) ([]string, []map[string]any, error) {
	rows, err := e.Conn.QueryContext(ctx, query) //nolint:rowserrcheck // ReadAll does
	if err != nil {
		return nil, nil, err
	}
	return loadertest.ReadAll(rows)
}
