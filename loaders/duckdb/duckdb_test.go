package duckdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trunkline/internal/evidence"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// tempWarehouse is a warehouse in a folder of the test's own.
type tempWarehouse struct{ config Config }

func (w tempWarehouse) Open(ctx context.Context) (pipeline.Loader, error) {
	return Open(ctx, w.config, "test")
}

func (w tempWarehouse) Rows(ctx context.Context, l pipeline.Loader, table string) ([]map[string]any, error) {
	return selectAll(ctx, l.(*Loader), "select * from "+table)
}

func selectAll(ctx context.Context, l *Loader, query string) ([]map[string]any, error) {
	_, rows, err := exampled{l}.Select(ctx, query)
	return rows, err
}

func tempConfig(t testing.TB) Config {
	dir := t.TempDir()
	return Config{Path: filepath.Join(dir, "state", "warehouse.duckdb"), Published: filepath.Join(dir, "published", "trunkline.duckdb"), Threads: 2}
}

func TestPromises(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "DuckDB", evidence.Promises, evidence.Engine)
	loadertest.Run(t, func(t *testing.T) loadertest.Warehouse { return tempWarehouse{tempConfig(t)} })
}

func TestEveryStatementIsAccepted(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "DuckDB", evidence.Statements, evidence.Engine)
	c := tempConfig(t)
	c.Roles = map[string]string{}
	for _, r := range statements.Roles() {
		c.Roles[r.Name] = filepath.Join(t.TempDir(), r.Name+".duckdb")
	}
	loadertest.RunStatements(t, tempWarehouse{c})
}

// openAll opens a warehouse with all tables and closes it when the test ends.
func openAll(t testing.TB, c Config) *Loader {
	t.Helper()
	l, err := Open(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.Migrate(t.Context(), schema.All()); err != nil {
		t.Fatal(err)
	}
	return l
}

// mustExec sends a statement.
func (l *Loader) mustExec(t testing.TB, statement string, args ...any) {
	t.Helper()
	if _, err := l.Conn.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

func TestCommentsReachTheDatabase(t *testing.T) {
	l := openAll(t, tempConfig(t))
	got, err := selectAll(t.Context(), l, "select comment from duckdb_columns() where table_name = 'unified_interactions' and column_name = 'crm_id_status'")
	if err != nil {
		t.Fatal(err)
	}
	c, _ := schema.UnifiedInteractions.Column("crm_id_status")
	if len(got) != 1 || got[0]["comment"] != c.Doc {
		t.Errorf("comment %v, want %q", got, c.Doc)
	}
}

// A key that stands twice in the table, by another hand, stops the merge before anything is written.
func TestLoadRefusesATableWithDoubledKeys(t *testing.T) {
	l := openAll(t, tempConfig(t))
	for range 2 {
		l.mustExec(t, `insert into etl_watermarks (source, entity, run_id, observed_at) values ('s', 'e', 'r', timestamp '2026-01-01')`)
	}
	row := &schema.Watermark{Source: "s", Entity: "e", RunID: "r2", ObservedAt: time.Now()}
	_, err := l.Load(t.Context(), loadertest.Batch(t, "b", row))
	if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL6007" {
		t.Fatalf("load: %v, want TL6007", err)
	}
	rows, err := selectAll(t.Context(), l, "select * from etl_watermarks where run_id = 'r'")
	if err != nil || len(rows) != 2 {
		t.Errorf("%d rows, %v; want the 2 as they were", len(rows), err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.duckdb")
	if err := os.WriteFile(foreign, []byte(strings.Repeat("no database ", 4000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Config{
		"no path":        {},
		"odd path":       {Path: filepath.Join(dir, "what?.duckdb")},
		"one file":       {Path: filepath.Join(dir, "w.duckdb"), Published: filepath.Join(dir, ".", "w.duckdb")},
		"not a database": {Path: foreign},
		"a folder":       {Path: dir},
		"bad memory":     {Path: filepath.Join(dir, "w.duckdb"), MemoryLimit: "much"},
	} {
		l, err := Open(t.Context(), c, "test")
		if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL6004" {
			t.Errorf("%s: %v, want TL6004", name, err)
		}
		if l != nil {
			t.Errorf("%s: a loader was returned", name)
		}
	}
}
