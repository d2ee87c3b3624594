package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trunkline/pipeline"
)

// A lease is on a resource, of which there is one, and ends by itself after a while.
const (
	Leased   = "warehouse"
	LeaseFor = 15 * time.Minute
)

// takeLease makes us the one who may write. Without Lease it never waits: that the engine let us in proves that no other process is at
// work, so an earlier holder is dead, or a loader of this process that is hereby replaced. With it, a lease that has not run out is
// another's.
func (w *Warehouse) takeLease(ctx context.Context, owner string) error {
	err := w.transact(ctx, func(tx *sql.Tx) error {
		if w.Lease > 0 {
			if err := w.free(ctx, tx); err != nil {
				return err
			}
		}
		var last sql.NullInt64
		if err := tx.QueryRowContext(ctx, "select max(token) from etl_leases where resource = $1", Leased).Scan(&last); err != nil {
			return err
		}
		w.token = last.Int64 + 1
		if _, err := tx.ExecContext(ctx, "delete from etl_leases where resource = $1", Leased); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "insert into etl_leases (resource, owner, token, expires_at) values ($1, $2, $3, $4)",
			Leased, owner, w.token, time.Now().UTC().Add(w.leaseFor()))
		return err
	})
	if err != nil {
		w.token = 0
		return fmt.Errorf("take the lease on the warehouse: %w", err)
	}
	return nil
}

// ErrNoLock says that Lock was not to be had in time: somebody else is in the middle of a transaction that writes.
var ErrNoLock = errors.New("wait for the lease")

// free refuses a warehouse whose lease has not run out.
func (w *Warehouse) free(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, w.Lock); err != nil {
		return fmt.Errorf("%w: %w", ErrNoLock, err)
	}
	var owner string
	var until time.Time
	err := tx.QueryRowContext(ctx, "select owner, expires_at from etl_leases where resource = $1 and expires_at > $2",
		Leased, time.Now().UTC()).Scan(&owner, &until)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return &pipeline.Error{
		Code: "TL6001", Kind: pipeline.Locked,
		What: fmt.Sprintf("open the warehouse: %s is writing to it, or was less than %s ago", owner, w.Lease),
		Cure: fmt.Sprintf("Wait for the other run; if it is dead, its lease runs out at %s UTC", until.UTC().Format("15:04:05")),
	}
}

// leaseFor is how long a lease lasts.
func (w *Warehouse) leaseFor() time.Duration {
	if w.Lease > 0 {
		return w.Lease
	}
	return LeaseFor
}

// holdLease begins and, with Lease, ends a transaction that writes: it renews the lease, which fails if it is no longer ours. As it
// writes the lease's row, it also conflicts with whoever takes the lease before the transaction ends.
func (w *Warehouse) holdLease(ctx context.Context, tx *sql.Tx) error {
	held, err := tx.ExecContext(ctx, "update etl_leases set expires_at = $1 where resource = $2 and token = $3",
		time.Now().UTC().Add(w.leaseFor()), Leased, w.token)
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
	return w.again(ctx, func() error {
		_, err := w.Conn.ExecContext(ctx, "update etl_leases set expires_at = $1 where resource = $2 and token = $3",
			time.Now().UTC(), Leased, w.token)
		return err
	})
}
