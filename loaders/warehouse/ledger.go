package warehouse

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"trunkline/pipeline"
)

// ContentHash says what a batch holds: its tables, and their files by their hashes.
func ContentHash(b pipeline.Batch) string {
	h := sha256.New()
	for _, part := range append([]pipeline.Part{{Table: b.Table, Files: b.Files}}, b.Children...) {
		fmt.Fprintln(h, part.Table.Name)
		for _, f := range part.Files {
			fmt.Fprintln(h, f.SHA256)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Entries gives what each table of a batch is called in the ledger: the batch's own goes by the batch's id.
func Entries(b pipeline.Batch) map[string]string {
	ids := map[string]string{b.Table.Name: b.ID}
	for _, child := range b.Table.Children() {
		ids[child.Name] = b.ID + "/" + child.Name
	}
	return ids
}

// committed gives the counts of a batch that is in the ledger with the same content.
func committed(ctx context.Context, tx *sql.Tx, b pipeline.Batch) (loaded map[string]pipeline.Loaded, found bool, err error) {
	loaded = map[string]pipeline.Loaded{}
	hash := ContentHash(b)
	for table, id := range Entries(b) {
		var l pipeline.Loaded
		err := tx.QueryRowContext(ctx, `select inserted, updated, unchanged, coalesce(deleted, 0)
from etl_commits
where step_id = $1 and content_hash = $2`, id, hash).Scan(&l.Inserted, &l.Updated, &l.Unchanged, &l.Deleted)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("look into the ledger: %w", err)
		}
		loaded[table] = l
	}
	return loaded, true, nil
}

// commit enters a batch into the ledger.
func commit(ctx context.Context, tx *sql.Tx, b pipeline.Batch, loaded map[string]pipeline.Loaded) error {
	hash, now := ContentHash(b), time.Now().UTC()
	for table, id := range Entries(b) {
		if _, err := tx.ExecContext(ctx, "delete from etl_commits where step_id = $1", id); err != nil {
			return fmt.Errorf("enter into the ledger: %w", err)
		}
		l := loaded[table]
		_, err := tx.ExecContext(ctx, `insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at, deleted)
values ($1, $2, $3, $4, $5, $6, $7)`, id, hash, l.Inserted, l.Updated, l.Unchanged, now, l.Deleted)
		if err != nil {
			return fmt.Errorf("enter into the ledger: %w", err)
		}
	}
	return nil
}
