package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"trunkline/pipeline"
)

const (
	leased   = "warehouse"
	leaseFor = 15 * time.Minute
)

// takeLease makes us the one who may write. It never waits: that DuckDB let us open the file proves that no other process
// has it, so an earlier holder is dead, or a Loader of this process that is hereby replaced.
func (l *Loader) takeLease(ctx context.Context, owner string) error {
	err := l.transact(ctx, func(tx *sql.Tx) error {
		var last sql.NullInt64
		if err := tx.QueryRowContext(ctx, "select max(token) from etl_leases where resource = ?", leased).Scan(&last); err != nil {
			return err
		}
		l.token = last.Int64 + 1
		if _, err := tx.ExecContext(ctx, "delete from etl_leases where resource = ?", leased); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "insert into etl_leases (resource, owner, token, expires_at) values (?, ?, ?, ?)",
			leased, owner, l.token, time.Now().UTC().Add(leaseFor))
		return err
	})
	if err != nil {
		l.token = 0
		return fmt.Errorf("take the lease on the warehouse: %w", err)
	}
	return nil
}

// holdLease begins a transaction that writes: it renews the lease, which fails if it is no longer ours. As it writes the
// lease's row, it also conflicts with whoever takes the lease before the transaction ends.
func (l *Loader) holdLease(ctx context.Context, tx *sql.Tx) error {
	held, err := tx.ExecContext(ctx, "update etl_leases set expires_at = ? where resource = ? and token = ?",
		time.Now().UTC().Add(leaseFor), leased, l.token)
	if err != nil {
		return fmt.Errorf("renew the lease: %w", err)
	}
	if n, err := held.RowsAffected(); err != nil {
		return fmt.Errorf("renew the lease: %w", err)
	} else if n == 1 {
		return nil
	}
	var owner string
	if err := tx.QueryRowContext(ctx, "select coalesce(max(owner), 'nobody') from etl_leases where resource = ?", leased).Scan(&owner); err != nil {
		return fmt.Errorf("read the lease: %w", err)
	}
	return &pipeline.Error{
		Code: "TL6002", Kind: pipeline.Locked,
		What: "write to the warehouse: the lease was taken over by " + owner,
		Cure: "Let the other run finish and start this one again",
	}
}

// giveLease lets the lease expire, so that nobody is shown as its holder.
func (l *Loader) giveLease(ctx context.Context) error {
	_, err := l.conn.ExecContext(ctx, "update etl_leases set expires_at = ? where resource = ? and token = ?",
		time.Now().UTC(), leased, l.token)
	return err
}
