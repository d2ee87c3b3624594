package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// engine is DuckDB as a warehouse.Engine. DuckDB reads a batch's files itself.
type engine struct {
	dialect statements.Dialect
	dir     string // a folder of its own, made by the first batch
}

// close removes what was made for batches.
func (e *engine) close() error { return os.RemoveAll(e.dir) } // of no folder it does nothing

// Stage names the files. An empty file of the table comes first: it has the columns that the batch's files may lack.
func (e *engine) Stage(ctx context.Context, tx *sql.Tx, t *schema.Table, of []pipeline.File) (err error) {
	if e.dir == "" {
		if e.dir, err = os.MkdirTemp("", "trunkline-load-"); err != nil {
			return err
		}
	}
	empty := filepath.Join(e.dir, t.Name+".parquet")
	if err := writeEmpty(t, empty); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, e.naming(empty, of))
	return err
}

// naming gives the statement that names the files.
func (e *engine) naming(empty string, of []pipeline.File) string {
	files := []string{e.dialect.Literal(empty)}
	for _, f := range of {
		files = append(files, e.dialect.Literal(f.URI))
	}
	return "set variable files = [" + strings.Join(files, ", ") + "]"
}

func writeEmpty(t *schema.Table, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(t.NewWriter(f, schema.WriterOptions{}).Close(), f.Close())
}

// Set sets a variable of the connection.
func (e *engine) Set(ctx context.Context, tx *sql.Tx, name string, value any) error {
	if _, err := tx.ExecContext(ctx, "set variable "+name+" = "+e.literal(value)); err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}

// literal writes a value with its type: a variable has that of what it is set to.
func (e *engine) literal(value any) string {
	switch value := value.(type) {
	case string:
		return e.dialect.Literal(value)
	case float64:
		return fmt.Sprintf("cast(%g as double)", value)
	case time.Time:
		return "timestamp " + e.dialect.Literal(value.UTC().Format("2006-01-02 15:04:05.000000"))
	case []string:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = e.dialect.Literal(item)
		}
		return "cast([" + strings.Join(items, ", ") + "] as varchar[])"
	default:
		return "cast(null as varchar)"
	}
}
