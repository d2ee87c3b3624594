package trusst_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trunkline/extractors/trusst"
	"trunkline/internal/pgtest"
)

// TestStandbyFarBehind: what a replica does not have yet is left, and read when the replica has it, although others came between.
func TestStandbyFarBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, pgtest.Start(t, pgtest.Options{}))
	w.config.Reconcile = -1
	w.contact("c1", "10:00")
	standby := w.server.Standby(t, map[string]string{"max_standby_streaming_delay": "1s"})
	w.config.Host, w.config.Port = standby.Socket, standby.Port
	given(t, w.follow(), "c1")

	replica := w.connect(standby.DSN("postgres", w.config.Database))
	if _, err := replica.Exec(t.Context(), "select pg_wal_replay_pause()"); err != nil {
		t.Fatal(err)
	}
	w.contact("c2", "11:00")
	given(t, w.follow(), "c1")
	for _, p := range trusst.Check(t.Context(), w.config) {
		if p.Err != nil || p.Name == "position" && !strings.Contains(p.Detail, "a replica") {
			t.Errorf("%+v", p)
		}
	}
	if _, err := replica.Exec(t.Context(), "select pg_wal_replay_resume()"); err != nil {
		t.Fatal(err)
	}
	w.catchUp(replica)
	given(t, w.follow(), "c1", "c2")
	w.expect()
}

// catchUp waits until a replica has everything.
func (w *world) catchUp(replica *pgx.Conn) {
	w.t.Helper()
	var here string
	if err := w.admin.QueryRow(w.t.Context(), "select pg_current_wal_lsn()::text").Scan(&here); err != nil {
		w.t.Fatal(err)
	}
	for until := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var there bool
		err := replica.QueryRow(w.t.Context(), "select pg_last_wal_replay_lsn() >= $1::text::pg_lsn", here).Scan(&there)
		if err == nil && there {
			return
		}
		if time.Now().After(until) {
			w.t.Fatalf("the replica does not catch up: %v", err)
		}
	}
}
