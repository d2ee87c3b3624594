package pgwire

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// steps asks one thing after the other, and gives what each is answered with: its values and its tag, or its SQLSTATE.
func steps(t *testing.T, conn *pgx.Conn, mode pgx.QueryExecMode, queries ...string) []string {
	t.Helper()
	var all []string
	for _, query := range queries {
		rows, err := conn.Query(t.Context(), query, mode)
		var said []string
		if err == nil {
			for rows.Next() {
				values, err := rows.Values()
				if err != nil {
					t.Fatal(err)
				}
				said = append(said, fmt.Sprint(values...))
			}
			err = rows.Err()
		}
		if err != nil {
			all = append(all, code(err))
			continue
		}
		all = append(all, strings.Join(append(said, rows.CommandTag().String()), " "))
	}
	return all
}

// Cursors are read part by part, as PostgreSQL has it, in both forms of the protocol.
func TestCursors(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Connections = 100 })
	script := []struct{ query, want string }{
		{"declare c cursor for select 1", "25P01"},
		{"begin", "BEGIN"},
		{"declare c no scroll cursor without hold for select id from contacts order by id", "DECLARE CURSOR"},
		{"fetch c", "0 FETCH 1"},
		{"fetch next from c", "1 FETCH 1"},
		{"FETCH FORWARD 2 IN c", "2 3 FETCH 2"},
		{"select count(*) from contacts", "20000 SELECT 1"},
		{"move 19990 from c", "MOVE 19990"},
		{"fetch 3 c", "19994 19995 19996 FETCH 3"},
		{"fetch forward all from c", "19997 19998 19999 FETCH 3"},
		{"fetch c", "FETCH 0"},
		{"move all in c", "MOVE 0"},
		{"declare \"C\" insensitive cursor for select 7 as n", "DECLARE CURSOR"}, // another name
		{"fetch all from \"C\"", "7 FETCH 1"},
		{"close c", "CLOSE CURSOR"},
		{"declare e cursor for select n from range(1000000000000) as r(n)", "DECLARE CURSOR"},
		{"fetch 2 from e", "0 1 FETCH 2"},
		{"close all", "CLOSE CURSOR ALL"},
		{"fetch 1 from \"C\"", "34000"},
		{"fetch 1 from e", "25P02"},
		{"rollback", "ROLLBACK"},
		{"begin", "BEGIN"},
		{"declare c cursor for select 1 as n", "DECLARE CURSOR"},
		{"declare c cursor for select 2 as n", "42P03"},
		{"rollback", "ROLLBACK"},
		{"close c", "34000"},
		{"begin", "BEGIN"},
		{"declare c cursor for select 1 as n", "DECLARE CURSOR"},
		{"fetch backward 1 from c", "55000"},
		{"commit", "ROLLBACK"},
		{"begin", "BEGIN"},
		{"declare c cursor for select 1 as n", "DECLARE CURSOR"},
		{"commit", "COMMIT"},
		{"fetch c", "34000"},
	}
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec, pgx.QueryExecModeDescribeExec} {
		conn := s.connect(t, "")
		for _, step := range script {
			if got := steps(t, conn, mode, step.query); got[0] != step.want {
				t.Errorf("%v: %s: %s, want %s", mode, step.query, got[0], step.want)
			}
		}
	}
	for query, want := range map[string]string{
		"declare c scroll cursor for select 1": "0A000", "declare c binary cursor for select 1": "0A000", "declare c cursor for drop table contacts": "25006",
		"declare c cursor for create table x (a integer)": "25006", "declare c cursor for": "42601", "declare c for select 1": "42601",
		"declare c cursor with hold for select nothing": "42703", "declare c cursor with hold for copy contacts to stdout": "25006",
		"fetch": "42601", "fetch 3": "42601", "declare 'c' cursor for select 1": "42601", "close 'c'": "42601", "fetch 0 from c": "55000", "fetch x y c": "42601", "fetch prior c": "55000", "close": "42601", "close a b": "42601",
		"declare c cursor with hold for declare d cursor for select 1": "25006", "declare c cursor with hold for select read_csv('x')": "42501",
	} {
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec} {
			conn := s.connect(t, "")
			if got := steps(t, conn, mode, query); got[0] != want {
				t.Errorf("%s: %s, want %s", query, got[0], want)
			}
			_ = conn.Close(t.Context())
		}
	}
}

// A cursor that outlives its transaction reads its file to the end, though that was replaced, and then lets it go.
func TestCursorsThatAreHeld(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	conn := s.connect(t, "")
	const simple = pgx.QueryExecModeSimpleProtocol
	got := steps(t, conn, simple, "begin", "declare gone cursor with hold for select 1", "rollback", "fetch gone",
		"declare alone cursor with hold for select 1 as n", "fetch alone", "fetch alone", "close alone",
		"begin", "declare c cursor with hold for select id from contacts order by id", "fetch 2 from c", "commit", "fetch 2 from c")
	want := []string{
		"BEGIN", "DECLARE CURSOR", "ROLLBACK", "34000", "DECLARE CURSOR", "1 FETCH 1", "FETCH 0", "CLOSE CURSOR",
		"BEGIN", "DECLARE CURSOR", "0 1 FETCH 2", "COMMIT", "2 3 FETCH 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	source := s.server.roles["admin"]
	source.mu.Lock()
	old := source.current
	source.mu.Unlock()
	makeFile(t, s.file, "create table contacts (id bigint); insert into contacts values (1), (2)")
	got = steps(t, conn, simple, "select count(*) from contacts", "fetch 1 from c", "move 19994 from c", "fetch all from c", "fetch c", "close c")
	want = []string{"2 SELECT 1", "4 FETCH 1", "MOVE 19994", "19999 FETCH 1", "FETCH 0", "CLOSE CURSOR"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	source.mu.Lock()
	if old.users != 0 {
		t.Errorf("the old file has %d users", old.users)
	}
	source.mu.Unlock()
}

// A client that goes, and one whose FETCH fails, leave nothing behind.
func TestCursorsThatBreak(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	conn := s.connect(t, "")
	got := steps(t, conn, pgx.QueryExecModeSimpleProtocol, "begin", "declare held cursor with hold for select id from contacts", "commit", "begin",
		"declare c cursor for select case when id < 19000 then id else error('here')::bigint end from contacts order by id", "fetch all from c",
		"rollback", "declare d cursor with hold for select id from contacts", "fetch held")
	if want := []string{"BEGIN", "DECLARE CURSOR", "COMMIT", "BEGIN", "22023", "25P02", "ROLLBACK", "DECLARE CURSOR", "0 FETCH 1"}; cmp.Diff(want, got) != "" {
		t.Error(got)
	}
	_ = conn.Close(t.Context())
	source := s.server.roles["admin"]
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		source.mu.Lock()
		now := source.current
		source.mu.Unlock()
		if now == nil {
			return
		}
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("the engine has %d users", now.users)
		}
	}
}

// psql reads a cursor as it does of PostgreSQL, and by itself where FETCH_COUNT says so.
func TestPsqlReadsCursors(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	got := psql(t, s, `\pset tuples_only`, "begin", "declare c cursor for select id, tier from contacts order by id", "fetch 2 from c", "move 100 in c",
		"fetch forward 2 from c", "close c", "commit")
	if want := "Tuples only is on.\nBEGIN\nDECLARE CURSOR\n0|Gold\n1|Silver\nMOVE 100\n102|Gold\n103|Silver\nCLOSE CURSOR\nCOMMIT\n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := psql(t, s, `\set FETCH_COUNT 1000`, `\pset tuples_only`, "select id from contacts order by id"); strings.Count(got, "\n") != 20001 {
		t.Errorf("%d lines", strings.Count(got, "\n"))
	}
}
