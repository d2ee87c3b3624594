// Package loadertest holds the promises of pipeline.Loader as a test that every warehouse's loader runs: the same rows in
// give the same rows out, whatever the engine.
package loadertest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Warehouse is an empty warehouse to be put to the test.
type Warehouse interface {
	// Open opens it, perhaps while it is open already.
	Open(ctx context.Context) (pipeline.Loader, error)
	// Rows reads a table back through an open loader: by column, as nil, string, int64, float64, bool or time.Time in UTC.
	Rows(ctx context.Context, l pipeline.Loader, table string) ([]map[string]any, error)
}

// Promise is one thing that a loader promises.
type Promise struct {
	Name string
	// Kept tries it on an empty warehouse; an error says how it was broken.
	Kept func(context.Context, *Trial) error
}

// Run tries all promises, each on a fresh warehouse.
func Run(t *testing.T, fresh func(t *testing.T) Warehouse) {
	t.Helper()
	for _, p := range Promises() {
		t.Run(p.Name, func(t *testing.T) {
			if err := Try(t.Context(), p, fresh(t), t.TempDir()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Try tries one promise. dir takes the files of its batches.
func Try(ctx context.Context, p Promise, w Warehouse, dir string) (err error) {
	trial := &Trial{warehouse: w, dir: dir}
	defer func() {
		for _, l := range trial.open {
			err = errors.Join(err, l.Close())
		}
	}()
	return p.Kept(ctx, trial)
}

// Promises gives all of them.
func Promises() []Promise {
	return []Promise{
		{"rows come back as they were", rowsComeBack},
		{"a batch is loaded once", loadedOnce},
		{"equal rows change nothing", equalRowsChangeNothing},
		{"a batch with another content is loaded again", contentDecides},
		{"a row is replaced by its key", replacedByKey},
		{"a key of several columns is whole", wholeKey},
		{"rows without a hash are replaced", withoutHash},
		{"duplicates in a batch become one row", duplicatesBecomeOne},
		{"a row never replaces one observed later", laterStays},
		{"first seen stays and last changed moves", loaderFillsTimes},
		{"how settled a row is, is no content of it", settled},
		{"a row that was final and changes is restated", restated},
		{"what follows the CRM restates nothing", followsCRM},
		{"every changed cell is written down", changesKept},
		{"children are replaced with their row", childrenReplaced},
		{"children stay with a row that stays", childrenStay},
		{"all or none", allOrNone},
		{"files that do not hold what they promise are refused", promisedRows},
		{"a cancelled load leaves nothing", cancelled},
		{"an empty batch is a batch", emptyBatch},
		{"migrating again changes nothing", migrateAgain},
		{"columns are added at the end", grows},
		{"a changed type is refused", changedType},
		{"there is one writer", fenced},
	}
}

// Trial is the ground on which a promise is tried.
type Trial struct {
	warehouse Warehouse
	dir       string
	open      []pipeline.Loader
	files     int
}

func (t *Trial) loader(ctx context.Context, tables ...*schema.Table) (pipeline.Loader, error) {
	l, err := t.warehouse.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	t.open = append(t.open, l)
	if len(tables) > 0 {
		if err := l.Migrate(ctx, tables); err != nil {
			return nil, fmt.Errorf("migrate: %w", err)
		}
	}
	return l, nil
}

// close closes a loader before the trial ends.
func (t *Trial) close(l pipeline.Loader) error {
	t.open = slices.DeleteFunc(t.open, func(o pipeline.Loader) bool { return o == l })
	return l.Close()
}

// file writes rows to a file, as the pipeline does but for sorting, sealing and cleaning.
func (t *Trial) file(table *schema.Table, rows ...schema.Row) (pipeline.File, error) {
	t.files++
	name := fmt.Sprintf("%s-%03d.parquet", table.Name, t.files)
	path := filepath.Join(t.dir, name)
	f, err := os.Create(path)
	if err != nil {
		return pipeline.File{}, err
	}
	w := table.NewWriter(f, schema.WriterOptions{Version: "test"})
	if err := errors.Join(w.Write(rows), w.Close(), f.Close()); err != nil {
		return pipeline.File{}, err
	}
	return describe(path, table.Name, int64(len(rows)))
}

func describe(path, kind string, rows int64) (pipeline.File, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return pipeline.File{}, err
	}
	sum := sha256.Sum256(b)
	return pipeline.File{
		Name: filepath.Base(path), Kind: kind, Rows: rows, Bytes: int64(len(b)), SHA256: hex.EncodeToString(sum[:]), URI: path,
	}, nil
}

// batch makes a batch of one file a slice of rows.
func (t *Trial) batch(id string, table *schema.Table, files ...[]schema.Row) (pipeline.Batch, error) {
	b := pipeline.Batch{ID: id, Table: table}
	for _, rows := range files {
		f, err := t.file(table, rows...)
		if err != nil {
			return b, err
		}
		b.Files = append(b.Files, f)
	}
	return b, nil
}

// load loads rows as one file and compares the counts.
func (t *Trial) load(ctx context.Context, l pipeline.Loader, id string, want pipeline.Loaded, rows ...schema.Row) error {
	b, err := t.batch(id, schema.Of(rows[0]), rows)
	if err != nil {
		return err
	}
	return t.loadBatch(ctx, l, b, want)
}

func (t *Trial) loadBatch(ctx context.Context, l pipeline.Loader, b pipeline.Batch, want pipeline.Loaded) error {
	got, err := l.Load(ctx, b)
	if err != nil {
		return fmt.Errorf("load %s: %w", b.ID, err)
	}
	if got[b.Table.Name] != want {
		return fmt.Errorf("load %s: %+v, want %+v", b.ID, got[b.Table.Name], want)
	}
	return nil
}
