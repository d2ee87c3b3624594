package redshift

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/redshiftsim"
	"trunkline/loaders/loadertest"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
)

// A transaction that takes longer than a lease renews it at its end; one whose lease is another's by then is undone.
func TestTheLeaseIsHeldAtTheEnd(t *testing.T) {
	t.Parallel()
	l := openWith(t, newAmazon(t, redshiftsim.Options{}).config("own"), schema.Queues)
	var until time.Time
	lease := func() {
		t.Helper()
		if err := l.Conn.QueryRowContext(t.Context(), "select expires_at from etl_leases").Scan(&until); err != nil {
			t.Fatal(err)
		}
	}
	const long = 1500 * time.Millisecond
	l.Lease = long
	err := l.Write(t.Context(), func(*sql.Tx) error {
		time.Sleep(long)
		return nil
	})
	if lease(); err != nil || time.Until(until) < long/2 {
		t.Errorf("the lease runs out in %s, %v", time.Until(until), err)
	}
	l.Lease = leaseFor
	err = l.Write(t.Context(), func(tx *sql.Tx) error {
		return warehouse.Execute(t.Context(), tx, "update etl_leases set token = token + 1, owner = 'another'",
			"insert into queues (queue_id, is_listed, source_run, observed_at, row_hash) values ('q', true, '', timestamp '2026-11-20', '')")
	})
	told(t, err, "TL6002", pipeline.Locked, "another")
	if n := count(t, l); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// To give the lease back is tried again like any transaction.
func TestALeaseIsGivenBackInSpiteOfOthers(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	l, err := Open(t.Context(), c, "first")
	if err != nil {
		t.Fatal(err)
	}
	a.Fail(redshiftsim.Fault{Trouble: redshiftsim.Serialization, On: "update", Times: 2})
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	openWith(t, c, schema.Queues)
}

// Who is in the middle of a transaction is named as the cause when the lease cannot be looked at. Any other statement that is ended is no
// sign of another writer.
func TestOnlyTheWaitForTheLeaseIsLocked(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	ended := &pgconn.PgError{Code: endedStatement, Message: "Query (1) cancelled by WLM abort action of Query Monitoring Rule"}
	told(t, l.config.explain("open", fmt.Errorf("%w: %w", warehouse.ErrNoLock, ended)), "TL6001", pipeline.Locked, "is writing")
	told(t, l.config.explain("load", ended), "TL6020", pipeline.Upstream, "WLM")
	told(t, l.config.explain("load", &copyError{table: "queues", err: ended}), "TL6020", pipeline.Upstream, "WLM")
	full := &pgconn.PgError{Code: "XX000", Message: "Disk Full"}
	told(t, l.config.explain("load", full), "TL6020", pipeline.Upstream, "resize")

	tx, err := l.Conn.BeginTx(t.Context(), nil)
	if err == nil {
		_, err = tx.ExecContext(t.Context(), "lock table etl_leases")
	}
	if err != nil {
		t.Fatal(err)
	}
	second := &Loader{config: l.config}
	if second.db, second.Warehouse, err = beside(t, l); err != nil {
		t.Fatal(err)
	}
	_, err = second.Conn.ExecContext(t.Context(), "set statement_timeout to 500")
	if err == nil {
		err = second.Begin(t.Context(), "second")
	}
	if !errors.Is(err, warehouse.ErrNoLock) {
		t.Errorf("got %v, want that the lease could not be looked at", err)
	}
	if err := errors.Join(tx.Rollback(), second.disconnect()); err != nil {
		t.Error(err)
	}
}

// beside gives a second warehouse at the place of a first.
func beside(t *testing.T, l *Loader) (*sql.DB, *warehouse.Warehouse, error) {
	db, conn, err := connect(t.Context(), l.config)
	return db, &warehouse.Warehouse{
		Dialect: l.Dialect, Engine: l.engine, Conn: conn, Lease: leaseFor, Lock: l.Lock, Passes: passes,
	}, err
}

// That the bucket is not reached says nothing of the session: the ledger is not asked, and nothing is done twice.
func TestABucketThatIsCutOffIsNoLostSession(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	a.s3.refuses(func(r *http.Request) (int, string) {
		if r.Method == http.MethodPut {
			panic(http.ErrAbortHandler) // the connection is cut
		}
		return 0, ""
	})
	_, err := l.Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one")))
	told(t, err, "TL6004", pipeline.Failure, "upload s3://staging")
	if n := a.s3.count(http.MethodPut); n != 1 || lost(err) {
		t.Errorf("%d uploads were tried, want 1; lost: %v", n, lost(err))
	}
	a.s3.refuses(nil)
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one"))); err != nil {
		t.Error(err)
	}
}

// Only what a new table may mend makes views anew, and if that fails too, both causes are told.
func TestViewsAreMadeAnewForAMisfitOnly(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"22001": true, "42804": true, "22003": true, "XX000": true, "57014": false, "42501": false, "22012": false, "53100": false, "40001": false, "57P01": false,
	} {
		if got := misfit(fmt.Errorf("insert: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
	if misfit(nil) || misfit(context.Canceled) {
		t.Error("what is no error of the server is no misfit")
	}
	l := openAll(t, newAmazon(t, redshiftsim.Options{}).config("own"))
	contacts(t, l, 1)
	l.mustExec(t, "create table shown_escalation_by_tier (customer_tier varchar(2), total_contacts bigint, known_contacts bigint, escalated_contacts bigint, escalation_rate_pct double precision)")
	l.mustExec(t, "create view built as select customer_tier from shown_escalation_by_tier")
	_, err := l.Publish(t.Context(), pipeline.Publication{Run: "run", GateOpen: true, At: time.Now()})
	told(t, err, "TL6004", pipeline.Misuse, "value too long", "built") // Gold has four letters, and the table cannot be dropped
}
