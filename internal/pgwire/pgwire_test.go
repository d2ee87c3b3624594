package pgwire

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/secret"
)

// contacts is a file as it is published: tables with keys and comments, a view, and enough rows to be read in parts.
const contacts = `create table contacts (id bigint primary key, tier varchar, day date, started timestamp, seen timestamptz, cost decimal(12, 3),
    rating double, closed boolean, tags varchar[]);
insert into contacts
select i, case i % 3 when 0 then 'Gold' when 1 then 'Silver' end, date '2026-11-01' + (i % 30)::integer,
    timestamp '2026-11-01 12:00:00' + to_minutes(i), timestamptz '2026-11-01 12:00:00+00' + to_minutes(i), i / 8, i / 2, i % 2 = 0, ['a', 'b']
from range(20000) as t(i);
create table pairs (left_id integer, right_id integer, primary key (right_id, left_id));
create view by_tier as select tier, count(*) as contacts, sum(cost) as cost from contacts group by tier;
comment on table contacts is 'One row a contact.';
comment on column contacts.tier is 'Tier of the customer; NULL is not known.';
comment on view by_tier is 'How many contacts has each tier?';
comment on column by_tier.cost is 'What its contacts cost together, in USD.'`

// makeFile makes a DuckDB file of these statements.
func makeFile(t testing.TB, path, statements string) {
	t.Helper()
	next := path + ".next"
	db, err := sql.Open("duckdb", next)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), statements)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
}

// served is a server that runs until the test ends.
type served struct {
	host string
	port string
	file string // that of the role admin
	log  *logged

	server *Server
}

// logged is a log that several goroutines write.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve serves a file to the role admin, without a password, unless the configuration is changed.
func serve(t testing.TB, change func(*Config)) *served {
	t.Helper()
	s := &served{file: filepath.Join(t.TempDir(), "published.duckdb"), log: &logged{}}
	makeFile(t, s.file, contacts)
	c := Config{
		Roles: []Role{{Name: "admin", Path: s.file}}, Database: "trunkline", Connections: 20, QueryBytes: 1 << 20, Timeout: time.Minute,
		Memory: "256MB", Threads: 2, Log: slog.New(slog.NewTextHandler(s.log, nil)),
	}
	if change != nil {
		change(&c)
	}
	server, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.server = server
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.host, s.port, _ = net.SplitHostPort(l.Addr().String())
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Error("the server does not stop")
		}
		if strings.Contains(s.log.String(), "a session broke") {
			t.Error(s.log.String())
		}
	})
	return s
}

// dsn is how a role connects.
func (s *served) dsn(role string) string {
	return fmt.Sprintf("host=%s port=%s user=%s dbname=trunkline sslmode=disable", s.host, s.port, role)
}

// connect connects as pgx does.
func (s *served) connect(t testing.TB, more string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.dsn("admin")+" "+more)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// code gives the SQLSTATE of an error.
func code(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return fmt.Sprint(err)
}

// ask gives all rows of an answer.
func ask(t testing.TB, conn *pgx.Conn, query string, args ...any) [][]any {
	t.Helper()
	rows, err := conn.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

// What is published can be read, and nothing else can be done: whatever the statement, the form of the protocol, or the spelling.
func TestNothingButReading(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	s.connect(t, "") // keeps the engine for all
	outside := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(outside, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"create table x (a integer)":                "25006",
		"create temp table x (a integer)":           "25006",
		"drop table contacts":                       "25006",
		"insert into contacts (id) values (-1)":     "25006",
		"update contacts set tier = 'x'":            "25006",
		"delete from contacts":                      "25006",
		"alter table contacts add column x integer": "25006",
		"truncate contacts":                         "25006",
		"attach '" + outside + "'":                  "25006",
		"detach trunkline":                          "25006",
		"use memory":                                "25006",
		"pragma database_list":                      "25006",
		"call checkpoint()":                         "25006",
		"checkpoint":                                "25006",
		"vacuum":                                    "25006",
		"install httpfs":                            "25006",
		"load httpfs":                               "25006",
		"export database '/tmp/x'":                  "25006",
		"with x as (select 1) insert into contacts (id) select * from x":          "25006",
		"explain analyze insert into contacts (id) values (-1)":                   "25006",
		"explain insert into contacts (id) values (-1)":                           "25006",
		"copy contacts to '" + outside + "'":                                      "42501",
		"copy (select 1) to stdout":                                               "42501",
		"copy contacts from stdin":                                                "42501",
		"set lock_configuration = false":                                          "42704",
		"set memory_limit = '100GB'":                                              "42704",
		"set role finance":                                                        "42501",
		"prepare p as select 1":                                                   "0A000",
		"select * from read_csv('" + outside + "')":                               "42501",
		"select * from '" + outside + "'":                                         "42501",
		"select * from \"" + outside + "\"":                                       "42501",
		"select * from read_text('" + outside + "')":                              "42501",
		"select * from \"READ_TEXT\"('" + outside + "')":                          "42501",
		"select * from read_text/**/('" + outside + "')":                          "42501",
		"select * from read_text\u00a0('" + outside + "')":                        "42501",
		"select * from read_text\u200b('" + outside + "')":                        "42501",
		"select * from system.main.read_text -- x\n('" + outside + "')":           "42501",
		"select * from glob('/*')":                                                "42501",
		"select * from query('select 1')":                                         "42501",
		"select * from query_table('contacts')":                                   "42501",
		"select * from enable_logging(storage = 'file', storage_path = '/tmp/x')": "42501",
		"select * from force_checkpoint()":                                        "42501",
		"select * from arrow_scan(1, 2, 3)":                                       "42501",
		"select * from json_execute_serialized_sql('x')":                          "42501",
		"select write_log('x')":                                                   "42501",
		"select getenv('HOME')":                                                   "42883",
		"/* /* */ select 1 */ drop table contacts":                                "25006",
		"select 1; drop table contacts":                                           "25006",
	} {
		conn := s.connect(t, "")
		_, err := conn.Exec(t.Context(), query, pgx.QueryExecModeSimpleProtocol)
		if code(err) != want {
			t.Errorf("%s: %s, want %s", query, code(err), want)
		}
		if strings.Contains(query, ";") {
			continue
		}
		if _, err := conn.Exec(t.Context(), query, pgx.QueryExecModeExec); code(err) != want {
			t.Errorf("%s, prepared: %s, want %s", query, code(err), want)
		}
		if got := ask(t, conn, "select count(*) from contacts"); got[0][0] != int64(20000) {
			t.Errorf("after %s: %v", query, got)
		}
		_ = conn.Close(t.Context())
	}
	if entries, err := os.ReadDir(filepath.Dir(s.file)); err != nil || len(entries) != 1 {
		t.Errorf("beside the file there is %v %v", entries, err)
	}
}

// EXPLAIN ANALYZE runs what it is of, so that it is let through only for what reads; what a session could make would be there for all.
func TestExplainOnlyReads(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	conn := s.connect(t, "")
	for _, inner := range []string{
		"create table memory.main.x (a integer)", "create table memory.main.x as select 1", "create temp table x (a integer)",
		"drop table memory.pg.pg_namespace", "drop view by_tier", "delete from memory.pg.pg_namespace", "insert into contacts (id) values (-1)",
		"create or replace macro memory.pg.round(a, b) as 42", "create view memory.main.v as select 1", "set memory_limit = '100GB'",
		"set search_path = 'memory.main'", "prepare p as select 1", "execute p", "attach ':memory:' as other", "pragma database_list",
		"call pragma_version()", "explain create table memory.main.x (a integer)", "explain select 1",
		"with x as (select 1) insert into contacts (id) select * from x",
	} {
		for _, explain := range []string{"explain ", "explain analyze ", "EXPLAIN /* x */ ANALYSE ", "explain (analyze) ", "explain (analyze, format json) ", "explain verbose ", "explain(format json)"} {
			for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec} {
				if _, err := conn.Exec(t.Context(), explain+inner, mode); code(err) != "25006" && code(err) != "42601" {
					t.Errorf("%s%s: %v", explain, inner, err)
				}
			}
		}
	}
	other := s.connect(t, "")
	if got := ask(t, other, "select count(*) from duckdb_tables() where database_name = 'memory' and schema_name = 'main'"); got[0][0] != int64(0) {
		t.Errorf("there are %v tables in memory", got)
	}
	if got := ask(t, other, "select round(2.55, 1)::varchar, (select count(*) > 0 from pg_namespace)"); got[0][0] == "42" || got[0][1] != true {
		t.Error(got)
	}
	for _, query := range []string{
		"explain (select 1)", "explain analyze (select 1)", "explain ((select 1) union (select 2))", "explain (format json) select 1",
		"explain (analyze) select count(*) from contacts", "explain (analyze, format json) from contacts", "explain analyze with x as (select 1) from x",
		"explain values (1)", "explain analyze table contacts", "explain describe contacts",
	} {
		if rows := ask(t, other, query, pgx.QueryExecModeSimpleProtocol); len(rows) == 0 {
			t.Errorf("%s: no rows", query)
		}
	}
	if rows := ask(t, other, "explain analyze select count(*) from contacts where id < $1", 10); len(rows) == 0 {
		t.Error("with a parameter: no rows")
	}
}

// What reads is let through.
func TestReadingInAllForms(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	for _, query := range []string{
		"select 1", "SELECT 1;", "(select 1)", "with x as (select 1) select * from x", "values (1)", "from contacts limit 1", "table contacts",
		"explain select * from contacts", "explain analyze select * from contacts", "describe contacts", "show tables", "show all",
		"summarize contacts", "select * from range(3)", "select * from generate_series(1, 3) as i", "select /* a */ 1 -- b", "select $$a;b$$ as x",
		"select E'it\\'s; --'", "select * from trunkline.main.contacts limit 1", "select unnest(tags) from contacts limit 1",
	} {
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeDescribeExec} {
			if rows := ask(t, conn, query, mode); len(rows) == 0 {
				t.Errorf("%s: no rows", query)
			}
		}
	}
	for _, query := range []string{"", " ; ", "-- nothing"} {
		if _, err := conn.Exec(t.Context(), query); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	}
}

// Each role reads its own file and no other, and the name of one is no way to another's.
func TestARoleReadsItsOwnFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole, part := filepath.Join(dir, "whole.duckdb"), filepath.Join(dir, "part.duckdb")
	makeFile(t, whole, "create table interactions (id integer, ltv_usd double, agent_name varchar); insert into interactions values (1, 2.5, 'Ann')")
	makeFile(t, part, "create table interactions (id integer, agent_name varchar); insert into interactions values (1, 'Ann')")
	s := serve(t, func(c *Config) {
		c.Roles = []Role{
			{Name: "admin", Path: whole, Password: secret.New("first")},
			{Name: "supervisor", Path: part, Password: secret.New("second")},
			{Name: "later", Path: filepath.Join(dir, "none.duckdb"), Password: secret.New("third")},
		}
	})
	try := func(role, password, query string) (rows [][]any, err error) {
		conn, err := pgx.Connect(t.Context(), s.dsn(role)+" password="+password)
		if err != nil {
			return nil, err
		}
		defer func() { _ = conn.Close(t.Context()) }()
		answer, err := conn.Query(t.Context(), query)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(answer, func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
	}
	got, err := try("admin", "first", "select * from interactions")
	if diff := cmp.Diff([][]any{{int32(1), 2.5, "Ann"}}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	got, err = try("supervisor", "second", "select * from interactions")
	if diff := cmp.Diff([][]any{{int32(1), "Ann"}}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, wrong := range []struct{ role, password, query, want string }{
		{"supervisor", "second", "select ltv_usd from interactions", "42703"},
		{"supervisor", "second", "attach '" + whole + "'", "25006"},
		{"supervisor", "second", "select * from '" + whole + "'", "42501"},
		{"supervisor", "second", "select * from read_duckdb('" + whole + "')", "42501"},
		{"supervisor", "second", "set role admin", "42501"},
		{"supervisor", "first", "select 1", "28P01"},
		{"supervisor", "Second", "select 1", "28P01"},
		{"nobody", "first", "select 1", "28P01"},
		{"later", "third", "select 1", "58P01"},
	} {
		if _, err := try(wrong.role, wrong.password, wrong.query); code(err) != wrong.want {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	if said := s.log.String(); strings.Contains(said, "first") || strings.Contains(said, "second") {
		t.Errorf("the log has passwords: %s", said)
	}
}
