// Package warehouse does what every SQL warehouse has to do in the same way: it holds the lease, keeps the ledger, migrates tables,
// merges batches, puts the checks and asks for the rows that the CRM has changed. What differs between engines is an Engine's; the
// statements are those of the sql package.
package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Engine is what a kind of warehouse does in a way of its own. All of it happens within the transaction that is given.
type Engine interface {
	// Stage makes the dialect's batch relation hold the rows of a table's files, and no others. Columns that a file lacks, being
	// older than they, are NULL.
	Stage(ctx context.Context, tx *sql.Tx, t *schema.Table, files []pipeline.File) error
	// Set gives a parameter of the statements a value: string, float64, time.Time, []string or nil.
	Set(ctx context.Context, tx *sql.Tx, name string, value any) error
}

// Warehouse is an open warehouse: a loader without its Close, and without publication. It is not safe for concurrent use.
type Warehouse struct {
	Dialect statements.Dialect
	Engine  Engine
	Conn    *sql.Conn // parameters and temporary tables belong to one connection

	// Lease is how long nobody else is let in after a write of ours, where the engine does not keep others out for as long as we are
	// connected; 0 where it does.
	Lease time.Duration
	// Lock is sent before the lease is looked at: it keeps others from it until the transaction ends. Empty where Lease is 0.
	Lock string
	// Passes tells of an error that a transaction need not have had, so that the whole of it is tried again; nil if there are none.
	Passes func(error) bool

	token int64 // of our lease
}

// Begin makes the tables that a warehouse keeps for itself and takes the lease: whoever opened it earlier can no longer write, or, with
// Lease, we are refused as long as somebody may. owner says who we are.
func (w *Warehouse) Begin(ctx context.Context, owner string) error {
	err := w.again(ctx, func() error {
		return w.transact(ctx, func(tx *sql.Tx) error {
			if err := w.unclaimed(ctx, tx); err != nil {
				return err
			}
			return w.migrate(ctx, tx, Own())
		})
	})
	if err != nil {
		return err
	}
	return w.again(ctx, func() error { return w.takeLease(ctx, owner) })
}

// Own gives the tables that a warehouse keeps for itself.
func Own() []*schema.Table {
	return []*schema.Table{schema.EtlCommits, schema.EtlLeases, schema.EtlChecks, schema.EtlPublications}
}

// unclaimed refuses a place where somebody else has tables of our names (users, sessions …): we would write into them. Ours are
// known by the ledger beside them.
func (w *Warehouse) unclaimed(ctx context.Context, tx *sql.Tx) error {
	ledger, err := w.columns(ctx, tx, schema.EtlCommits.Name)
	if err != nil || len(ledger) > 0 {
		return err
	}
	var theirs []string
	for _, t := range schema.All() {
		columns, err := w.columns(ctx, tx, t.Name)
		if err != nil {
			return err
		}
		if len(columns) > 0 {
			theirs = append(theirs, t.Name)
		}
	}
	return Unclaimed(theirs)
}

// Unclaimed refuses a place that has tables of our names which are not ours.
func Unclaimed(theirs []string) error {
	if len(theirs) == 0 {
		return nil
	}
	return &pipeline.Error{
		Code: "TL6008", Kind: pipeline.Misuse,
		What: "open the warehouse: there are tables that trunkline did not make: " + strings.Join(theirs, ", "),
		Cure: "Give it a schema or a file of its own",
	}
}

// End gives the lease back.
func (w *Warehouse) End(ctx context.Context) error {
	if w.token == 0 {
		return nil
	}
	return w.giveLease(ctx)
}

// Write runs do in a transaction that may write: all of it or nothing, and only if the lease is ours when it ends.
// Where an engine says that it might have gone well, do runs again from the beginning.
func (w *Warehouse) Write(ctx context.Context, do func(*sql.Tx) error) error {
	return w.again(ctx, func() error { return w.writeOnce(ctx, do) })
}

// writeOnce is Write for a do that must not run twice.
func (w *Warehouse) writeOnce(ctx context.Context, do func(*sql.Tx) error) error {
	return w.transact(ctx, func(tx *sql.Tx) error {
		if err := w.holdLease(ctx, tx); err != nil {
			return err
		}
		if err := do(tx); err != nil || w.Lease == 0 {
			return err
		}
		return w.holdLease(ctx, tx) // do may have taken longer than a lease lasts
	})
}

// tries is how often a transaction is tried whose error passes.
const tries = 6

// again does something until it succeeds or has an error that does not pass, or too often.
func (w *Warehouse) again(ctx context.Context, do func() error) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = 100 * time.Millisecond
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := do()
		if err != nil && (w.Passes == nil || !w.Passes(err)) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0))
	if last, ok := errors.AsType[*backoff.PermanentError](err); ok {
		err = last.Unwrap()
	}
	return err
}

// transact runs do in a transaction: all of it or nothing. That the context ended is told as such, whatever the driver says of it.
//
// The transaction itself does not hang on the context, only its statements do: database/sql would throw the connection away
// with it, and with the connection whatever lock keeps others out.
func (w *Warehouse) transact(ctx context.Context, do func(*sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := w.Conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	err = do(tx)
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		err = errors.Join(ended, err)
	}
	if err != nil {
		if back := tx.Rollback(); back != nil {
			err = errors.Join(err, fmt.Errorf("roll back: %w", back))
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
