package duckdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
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

// Load merges a batch and enters it into the ledger in one transaction.
func (l *Loader) Load(ctx context.Context, b pipeline.Batch) (pipeline.Loaded, error) {
	if b.Table.Internal || !statements.Loaded(b.Table) {
		return pipeline.Loaded{}, fmt.Errorf("load %s: no batch is loaded into this table", b.Table.Name)
	}
	var loaded pipeline.Loaded
	err := l.transact(ctx, func(tx *sql.Tx) error {
		if err := l.holdLease(ctx, tx); err != nil {
			return err
		}
		hash := contentHash(b)
		earlier, found, err := committed(ctx, tx, b.ID, hash)
		if err != nil || found {
			loaded = earlier
			return err
		}
		if loaded, err = l.merge(ctx, tx, b); err != nil {
			return err
		}
		return commit(ctx, tx, b.ID, hash, loaded)
	})
	if err != nil {
		return pipeline.Loaded{}, fmt.Errorf("load %s into %s: %w", b.ID, b.Table.Name, err)
	}
	return loaded, nil
}

// contentHash says what a batch holds: its table, and its files by their hashes.
func contentHash(b pipeline.Batch) string {
	h := sha256.New()
	fmt.Fprintln(h, b.Table.Name)
	for _, f := range b.Files {
		fmt.Fprintln(h, f.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func committed(ctx context.Context, tx *sql.Tx, id, hash string) (l pipeline.Loaded, found bool, err error) {
	err = tx.QueryRowContext(ctx, `select inserted, updated, unchanged
from etl_commits
where step_id = ? and content_hash = ?`, id, hash).Scan(&l.Inserted, &l.Updated, &l.Unchanged)
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	if err != nil {
		return l, false, fmt.Errorf("look into the ledger: %w", err)
	}
	return l, true, nil
}

func commit(ctx context.Context, tx *sql.Tx, id, hash string, loaded pipeline.Loaded) error {
	if _, err := tx.ExecContext(ctx, "delete from etl_commits where step_id = ?", id); err != nil {
		return fmt.Errorf("enter into the ledger: %w", err)
	}
	_, err := tx.ExecContext(ctx, `insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at)
values (?, ?, ?, ?, ?, ?)`, id, hash, loaded.Inserted, loaded.Updated, loaded.Unchanged, time.Now().UTC())
	if err != nil {
		return fmt.Errorf("enter into the ledger: %w", err)
	}
	return nil
}

func (l *Loader) merge(ctx context.Context, tx *sql.Tx, b pipeline.Batch) (loaded pipeline.Loaded, err error) {
	dir, err := os.MkdirTemp("", "trunkline-load-")
	if err != nil {
		return loaded, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := l.setBatch(ctx, tx, b, dir); err != nil {
		return loaded, err
	}
	m := l.dialect.MergeInto(b.Table)
	if err := received(ctx, tx, m, b.Files); err != nil {
		return loaded, err
	}
	if _, err := tx.ExecContext(ctx, m.Plan); err != nil {
		return loaded, fmt.Errorf("plan: %w", err)
	}
	var keys, plans int64
	if err := tx.QueryRowContext(ctx, m.Count).Scan(&keys, &plans, &loaded.Inserted, &loaded.Updated, &loaded.Unchanged); err != nil {
		return loaded, fmt.Errorf("count: %w", err)
	}
	if plans > keys {
		return loaded, doubled(b.Table, plans-keys)
	}
	if err := write(ctx, tx, "delete", m.Delete, loaded.Updated); err != nil {
		return loaded, err
	}
	if err := write(ctx, tx, "insert", m.Insert, loaded.Inserted+loaded.Updated); err != nil {
		return loaded, err
	}
	_, err = tx.ExecContext(ctx, m.Drop)
	return loaded, err
}

// write sends a statement that must write as many rows as planned. With keys that are unique before, in the plan and in the
// table, it proves that they are unique after.
func write(ctx context.Context, tx *sql.Tx, step, statement string, planned int64) error {
	result, err := tx.ExecContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	if n != planned {
		return fmt.Errorf("%s: %d rows instead of the %d that were planned", step, n, planned)
	}
	return nil
}

func doubled(t *schema.Table, n int64) error {
	return &pipeline.Error{
		Code: "TL6007", Kind: pipeline.Misuse,
		What: fmt.Sprintf("table %s holds %d of the batch's keys more than once; nothing was loaded", t.Name, n),
		Cure: fmt.Sprintf("Something else wrote to the table; remove the rows that are too many: select %[1]s, count(*) from %[2]s group by %[1]s having count(*) > 1",
			strings.Join(t.Keys(), ", "), t.Name),
	}
}

// setBatch sets the variables that the statements read. An empty file of the table comes first: columns that the batch's
// files lack, being older than they, are NULL.
func (l *Loader) setBatch(ctx context.Context, tx *sql.Tx, b pipeline.Batch, dir string) error {
	empty := filepath.Join(dir, "empty.parquet")
	if err := writeEmpty(b.Table, empty); err != nil {
		return err
	}
	files := []string{l.dialect.Literal(empty)}
	for _, f := range b.Files {
		files = append(files, l.dialect.Literal(f.URI))
	}
	now := time.Now().UTC().Format("2006-01-02 15:04:05.000000")
	for _, set := range []string{
		"set variable files = [" + strings.Join(files, ", ") + "]",
		"set variable loaded_at = timestamp " + l.dialect.Literal(now),
	} {
		if _, err := tx.ExecContext(ctx, set); err != nil {
			return fmt.Errorf("set the batch: %w", err)
		}
	}
	return nil
}

func writeEmpty(t *schema.Table, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(t.NewWriter(f, schema.WriterOptions{}).Close(), f.Close())
}

// received holds the files against what their manifest promises.
func received(ctx context.Context, tx *sql.Tx, m statements.Merge, files []pipeline.File) error {
	var promised, found int64
	for _, f := range files {
		promised += f.Rows
	}
	if err := tx.QueryRowContext(ctx, m.Received).Scan(&found); err != nil {
		return fmt.Errorf("read the batch's files: %w", err)
	}
	if found != promised {
		return &pipeline.Error{
			Code: "TL6006", Kind: pipeline.Failure,
			What: fmt.Sprintf("the batch's files hold %d rows where their manifest promises %d", found, promised),
			Cure: "The files were changed after they were written; run the transform again with --again",
		}
	}
	return nil
}
