package pgwire

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// busy tells whether a call of the engine has the turn of any client.
func (s *served) busy() bool {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	for _, one := range s.server.sessions {
		if len(one.client.turn) > 0 {
			return true
		}
	}
	return false
}

// What the engine does in one piece, while it plans or while it runs, keeps a client no longer than its time, and nobody else; it
// keeps the client's turn and place until it ends.
func TestWhatDoesNotStop(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Timeout, c.Connections = 500*time.Millisecond, 2 })
	for _, c := range []struct {
		when, query string
		args        []any
	}{
		{"planning", "select levenshtein(repeat('a', 40000), repeat('b', 40000))", []any{pgx.QueryExecModeSimpleProtocol}},
		{"prepared", "select levenshtein(repeat('a', $1), repeat('b', $1))", []any{40000}},
		{"running", "select levenshtein(repeat('a', n), repeat('b', n)) from (select max(id)::integer + 20000 as n from contacts)", nil},
	} {
		conn := s.connect(t, "")
		if _, err := conn.Exec(t.Context(), c.query, c.args...); code(err) != "57014" {
			t.Errorf("%s: %v", c.when, err)
		}
		other := s.connect(t, "")
		if got := ask(t, other, "select count(*) from contacts"); got[0][0] != int64(20000) {
			t.Errorf("%s: another: %v", c.when, got)
		}
		if !s.busy() {
			t.Errorf("%s: another was answered only after it", c.when)
		}
		if said := s.log.String(); !strings.Contains(said, "the engine does not stop") || !strings.Contains(said, "role=admin client=127.0.0.1:") {
			t.Errorf("%s: the log: %s", c.when, said)
		}
		if _, err := conn.Exec(t.Context(), "select 1", pgx.QueryExecModeExec); s.busy() && (code(err) != "57014" || !strings.Contains(err.Error(), "has not ended yet")) {
			t.Errorf("%s: the next: %v", c.when, err)
		}
		_ = other.Close(t.Context())
		for begin := time.Now(); ; {
			_, err := conn.Exec(t.Context(), "select count(*) from contacts", pgx.QueryExecModeExec)
			if err == nil {
				break
			}
			if code(err) != "57014" || time.Since(begin) > time.Minute {
				t.Fatalf("%s: after it: %v", c.when, err)
			}
		}
		_ = conn.Close(t.Context())
	}
}

// The place of a client that went stays taken while the engine is at work for it, though the file was replaced meanwhile.
func TestAPlaceThatStaysTaken(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Timeout, c.Connections = 500*time.Millisecond, 1 })
	conn := s.connect(t, "")
	if _, err := conn.Exec(t.Context(), "select levenshtein(repeat('a', 40000), repeat('b', 40000))", pgx.QueryExecModeSimpleProtocol); code(err) != "57014" {
		t.Error(err)
	}
	makeFile(t, s.file, "create table contacts (id bigint)")
	_ = conn.Close(t.Context())
	if _, err := pgx.Connect(t.Context(), s.dsn("admin")); code(err) != "53300" {
		t.Errorf("while it runs: %v", err)
	}
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		next, err := pgx.Connect(t.Context(), s.dsn("admin"))
		if err == nil {
			if got := ask(t, next, "select count(*) from contacts"); got[0][0] != int64(0) {
				t.Error(got)
			}
			_ = next.Close(context.Background())
			return
		}
		if time.Since(begin) > time.Minute {
			t.Fatal(err)
		}
	}
}

// What makes long lists out of short ones has a limit, and is what it was below it.
func TestLongLists(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	for _, query := range []string{
		"select len(range(100001))", "select len(range(-1, 100000))", "select len(range(200000, 0, -1))", "select len(generate_series(100001))",
		"select len(\"Range\"(0, 100001))", "select (100001).range().len()", "select list_resize([1], 100001)", "select array_resize([1], 100001, 2)",
		"select len(range(timestamp '2026-01-01', timestamp '2026-01-02', interval 1 microsecond))",
		"select count(*) from unnest(range(100001))",
	} {
		if _, err := conn.Exec(t.Context(), query, pgx.QueryExecModeSimpleProtocol); code(err) != "22023" || !strings.Contains(err.Error(), "makes more than 100000 values") {
			t.Errorf("%s: %v", query, err)
		}
	}
	for query, args := range map[string][]any{"select range($1)": {3}, "select range($1, $2)": {0, 3}, "select generate_series($1)": {2}} {
		if got := ask(t, conn, query, args...); !cmp.Equal(got, [][]any{{[]any{int64(0), int64(1), int64(2)}}}) {
			t.Errorf("%s: %v", query, got)
		}
	}
	for query, want := range map[string]string{
		"range(3)": "{0,1,2}", "range(1, 3)": "{1,2}", "range(5, 0, -2)": "{5,3,1}", "generate_series(2)": "{0,1,2}", "generate_series(1, 2)": "{1,2}",
		"range(null)": "", "list_resize([1], 2)": "{1,NULL}", "list_resize([1], 3, 7)": "{1,7,7}",
		"generate_series(date '2026-01-01', '2026-01-02', '1 day')": `["2026-01-01 00:00:00","2026-01-02 00:00:00"]`,
		"len(range(100000))": "100000", "(select count(*) from generate_series(1, 3000000))": "3000000",
		"(select count(*) from contacts, range(2))": "40000",
	} {
		rows, err := conn.Query(t.Context(), "select "+query, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		got, err := pgx.CollectExactlyOneRow(rows, func(r pgx.CollectableRow) (string, error) { return string(r.RawValues()[0]), nil })
		if err != nil || got != want {
			t.Errorf("%s: %s, want %s: %v", query, got, want, err)
		}
	}
}
