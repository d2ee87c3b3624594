package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"trunkline/pipeline"
)

// A lease is on a resource, of which there is one, and ends by itself after a while.
const (
	Leased   = "warehouse"
	LeaseFor = 15 * time.Minute
)

// takeLease makes us the one who may write. It never waits: that the engine let us in proves that no other process is at work, so
// an earlier holder is dead, or a loader of this process that is hereby replaced.
func (w *Warehouse) takeLease(ctx context.Context, owner string) error {
	err := w.transact(ctx, func(tx *sql.Tx) error {
		var last sql.NullInt64
		if err := tx.QueryRowContext(ctx, "select max(token) from etl_leases where resource = $1", Leased).Scan(&last); err != nil {
			return err
		}
		w.token = last.Int64 + 1
		if _, err := tx.ExecContext(ctx, "delete from etl_leases where resource = $1", Leased); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "insert into etl_leases (resource, owner, token, expires_at) values ($1, $2, $3, $4)",
			Leased, owner, w.token, time.Now().UTC().Add(LeaseFor))
		return err
	})
	if err != nil {
		w.token = 0
		return fmt.Errorf("take the lease on the warehouse: %w", err)
	}
	return nil
}

// holdLease begins a transaction that writes: it renews the lease, which fails if it is no longer ours. As it writes the
// lease's row, it also conflicts with whoever takes the lease before the transaction ends.
func (w *Warehouse) holdLease(ctx context.Context, tx *sql.Tx) error {
	held, err := tx.ExecContext(ctx, "update etl_leases set expires_at = $1 where resource = $2 and token = $3",
		time.Now().UTC().Add(LeaseFor), Leased, w.token)
	if err != nil {
		return fmt.Errorf("renew the lease: %w", err)
	}
	if n, err := held.RowsAffected(); err != nil {
		return fmt.Errorf("renew the lease: %w", err)
	} else if n == 1 {
		return nil
	}
	var owner string
	if err := tx.QueryRowContext(ctx, "select coalesce(max(owner), 'nobody') from etl_leases where resource = $1", Leased).Scan(&owner); err != nil {
		return fmt.Errorf("read the lease: %w", err)
	}
	return TakenOver(owner)
}

// TakenOver is the error that somebody else may write now.
func TakenOver(owner string) error {
	return &pipeline.Error{
		Code: "TL6002", Kind: pipeline.Locked,
		What: "write to the warehouse: the lease was taken over by " + owner,
		Cure: "Let the other run finish and start this one again",
	}
}

// giveLease lets the lease expire, so that nobody is shown as its holder.
func (w *Warehouse) giveLease(ctx context.Context) error {
	_, err := w.Conn.ExecContext(ctx, "update etl_leases set expires_at = $1 where resource = $2 and token = $3",
		time.Now().UTC(), Leased, w.token)
	return err
}
