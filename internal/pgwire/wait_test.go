package pgwire

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Who asks nothing keeps no file that was replaced; a transaction does for a while.
func TestASleepingClientLetsGo(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	source := s.server.roles["admin"]
	asleep, busy := s.connect(t, ""), s.connect(t, "")
	if _, err := asleep.Prepare(t.Context(), "p", "select count(*) from contacts"); err != nil {
		t.Fatal(err)
	}
	ask(t, asleep, "p")
	source.mu.Lock()
	old := source.current
	source.mu.Unlock()
	users := func() int {
		source.mu.Lock()
		defer source.mu.Unlock()
		return old.users
	}
	if _, err := busy.Exec(t.Context(), "begin"); err != nil {
		t.Fatal(err)
	}
	ask(t, busy, "select 1")
	makeFile(t, s.file, "create table contacts (id bigint); insert into contacts values (1), (2)")
	for begin := time.Now(); users() != 1; time.Sleep(50 * time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("%d sessions have the old file", users())
		}
	}
	if got := ask(t, asleep, "p"); got[0][0] != int64(2) {
		t.Error(got)
	}
	if got := ask(t, busy, "select count(*) from contacts"); got[0][0] != int64(20000) {
		t.Errorf("in the transaction: %v", got)
	}
}

// A transaction that sleeps on a file that was replaced is ended after its time.
func TestASleepingTransactionEnds(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)

	s.server.idleTransaction = time.Second // before anybody connects
	conn := s.connect(t, "")
	if _, err := conn.Exec(t.Context(), "begin", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	ask(t, conn, "select 1")
	makeFile(t, s.file, "create table contacts (id bigint)")
	time.Sleep(3 * waits)
	if _, err := conn.Exec(t.Context(), "select 1", pgx.QueryExecModeSimpleProtocol); err == nil {
		t.Error("the transaction goes on")
	}
}
