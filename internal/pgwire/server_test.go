package pgwire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"trunkline/internal/secret"
)

// A file that is replaced is seen by the next query of everybody, and by those in a transaction after it; what runs ends on the old one.
func TestAFileIsReplaced(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	old, busy, fresh := s.connect(t, ""), s.connect(t, ""), s.connect(t, "")
	const count = "select count(*) from contacts"
	if _, err := old.Exec(t.Context(), "begin"); err != nil {
		t.Fatal(err)
	}
	for _, conn := range []*pgx.Conn{old, fresh} {
		if got := ask(t, conn, count); got[0][0] != int64(20000) {
			t.Fatal(got)
		}
	}
	rows, err := busy.Query(t.Context(), "select id, repeat('x', 2000) from contacts order by id")
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	makeFile(t, s.file, "create table contacts (id bigint); insert into contacts values (1), (2)")
	if got := ask(t, fresh, count); got[0][0] != int64(2) {
		t.Errorf("after the replacement: %v", got)
	}
	if got := ask(t, s.connect(t, ""), count); got[0][0] != int64(2) {
		t.Errorf("a new connection: %v", got)
	}
	if got := ask(t, old, count); got[0][0] != int64(20000) {
		t.Errorf("in a transaction: %v", got)
	}
	n := 1
	for rows.Next() {
		n++
	}
	if rows.Err() != nil || n != 20000 {
		t.Errorf("what was running: %d rows, %v", n, rows.Err())
	}
	if _, err := old.Exec(t.Context(), "commit"); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, old, count); got[0][0] != int64(2) {
		t.Errorf("after the transaction: %v", got)
	}
	if _, err := fresh.Prepare(t.Context(), "p", "select * from contacts"); err != nil {
		t.Fatal(err)
	}
	makeFile(t, s.file, "create table contacts (id bigint, name varchar)")
	if _, err := fresh.Exec(t.Context(), "p"); code(err) != "0A000" {
		t.Errorf("a prepared statement whose columns changed: %v", err)
	}
	if got := ask(t, fresh, "select count(*) from pg_class where relname = 'contacts'"); got[0][0] != int64(1) {
		t.Error(got)
	}
}

// A client too many is told so; one that goes makes room.
func TestTooManyClients(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Connections = 2 })
	first := s.connect(t, "")
	s.connect(t, "")
	if _, err := pgx.Connect(t.Context(), s.dsn("admin")); code(err) != "53300" {
		t.Errorf("a third: %v", err)
	}
	_ = first.Close(t.Context())
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(t.Context(), s.dsn("admin"))
		if err == nil {
			_ = conn.Close(context.Background())
			return
		}
		if time.Since(begin) > 10*time.Second {
			t.Fatal(err)
		}
	}
}

// A failed log-in is in the log, with the role and where it came from, and its answer takes a while.
func TestFailedLoginsAreLogged(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Roles[0].Password = secret.New("hush") })
	for _, role := range []string{"admin", "nobody"} {
		begin := time.Now()
		if _, err := pgx.Connect(t.Context(), s.dsn(role)+" password=wrong"); code(err) != "28P01" || time.Since(begin) < loginPause {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		if said := s.log.String(); !strings.Contains(said, "level=WARN msg=\"a PostgreSQL client failed to log in\" role="+role+" client=127.0.0.1:") {
			t.Errorf("%s: the log: %s", role, said)
		}
	}
}

// broken is a connection that breaks whoever reads it.
type broken struct{ net.Conn }

func (broken) Read([]byte) (int, error) { panic("broken") }

// A fault before somebody is logged in ends that connection alone.
func TestAFaultBeforeTheLogin(t *testing.T) {
	t.Parallel()
	var log logged
	server, err := New(Config{
		Roles: []Role{{Name: "admin"}}, Database: "trunkline", Connections: 1, QueryBytes: 1, Timeout: time.Second,
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := net.Pipe()
	server.serve(t.Context(), broken{ours})
	if _, err := theirs.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is not closed")
	}
	if len(server.room.in) != 0 || !strings.Contains(log.String(), "a session broke") {
		t.Errorf("%d are about to log in; the log: %s", len(server.room.in), &log)
	}
}

// Clients that never prove who they are keep nobody out.
func TestClientsThatDoNotLogIn(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Connections, c.Roles[0].Password = 2, secret.New("hush") })
	start, err := (&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "admin"}}).Encode(nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		c, err := new(net.Dialer).DialContext(t.Context(), "tcp", net.JoinHostPort(s.host, s.port))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if _, err := c.Write(start); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err != nil { // it is asked for a password
			t.Fatal(err)
		}
	}
	s.connect(t, "password=hush")
	s.connect(t, "password=hush")
	if _, err := pgx.Connect(t.Context(), s.dsn("admin")+" password=hush"); code(err) != "53300" {
		t.Errorf("a third: %v", err)
	}
}

// silent connects and says nothing.
func (s *served) silent(t *testing.T) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", net.JoinHostPort(s.host, s.port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// However many connect and say nothing, who logs in is let in: the oldest of them has to go.
func TestSilentClients(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Connections, c.Roles[0].Password = 2, secret.New("hush") })
	oldest := s.silent(t)
	var newest net.Conn
	for range s.server.room.most + 50 {
		newest = s.silent(t)
	}
	ask(t, s.connect(t, "password=hush"), "select 1")
	ask(t, s.connect(t, "password=hush"), "select 1")
	if err := oldest.SetReadDeadline(time.Now().Add(loginTime / 2)); err != nil { // before its own time is over
		t.Fatal(err)
	}
	if _, err := oldest.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the oldest: %v", err)
	}
	if err := newest.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := newest.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the newest: %v", err)
	}
}

// from is a connection from some address.
type from struct {
	net.Conn

	at     string
	closed *[]string
}

func (f from) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(f.at), Port: 1} }
func (f from) Close() error {
	*f.closed = append(*f.closed, f.at)
	return nil
}

// In a full room the address that has most loses its first.
func TestWhoMakesRoom(t *testing.T) {
	t.Parallel()
	var closed []string
	r := room{most: 4}
	var all []*client
	for _, at := range []string{"10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.5", "10.0.0.5"} {
		conn := from{at: at, closed: &closed}
		all = append(all, &client{Conn: conn, raw: conn})
		r.enter(all[len(all)-1])
	}
	if diff := cmp.Diff([]string{"10.0.0.2", "10.0.0.1", "10.0.0.2", "10.0.0.5"}, closed); diff != "" {
		t.Error(diff)
	}
	for _, c := range all { // who had to go leaves too
		r.leave(c)
	}
	if len(r.in) != 0 {
		t.Errorf("%d are left", len(r.in))
	}
}

// Who asks for another database is told which there is.
func TestThereIsOneDatabase(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	_, err := pgx.Connect(t.Context(), strings.ReplaceAll(s.dsn("admin"), "dbname=trunkline", "dbname=postgres"))
	if code(err) != "3D000" {
		t.Error(err)
	}
	if _, err := pgx.Connect(t.Context(), s.dsn("nobody")); code(err) != "28000" {
		t.Error(err)
	}
	if _, err := pgx.Connect(t.Context(), s.dsn("admin")+" client_encoding=latin1"); code(err) != "0A000" {
		t.Error(err)
	}
	got := ask(t, s.connect(t, ""), "select datname from pg_database")
	if len(got) != 1 || got[0][0] != "trunkline" {
		t.Error(got)
	}
}

// A file that cannot be read is told to the log, and to the client without its path.
func TestAFileThatIsNone(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	conn := s.connect(t, "")
	if err := os.WriteFile(s.file, []byte(strings.Repeat("no database", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := conn.Exec(t.Context(), "select 1")
	if code(err) != "58030" || strings.Contains(err.Error(), s.file) || !strings.Contains(s.log.String(), filepath.Base(s.file)) {
		t.Errorf("%v; the log: %s", err, s.log)
	}
}

// What is configured wrongly is told before anything is served.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	if _, err := New(Config{}); err == nil || !strings.Contains(err.Error(), "needed") {
		t.Error(err)
	}
}

// Roles with a password and roles without are not served beside each other.
func TestARoleWithoutAPasswordBesideOthers(t *testing.T) {
	t.Parallel()
	c := Config{
		Roles:    []Role{{Name: "admin"}, {Name: "supervisor", Password: secret.New("x")}},
		Database: "trunkline", Connections: 1, QueryBytes: 1, Timeout: time.Second, Log: slog.New(slog.DiscardHandler),
	}
	if _, err := New(c); err == nil || !strings.Contains(err.Error(), "the role admin has no password") {
		t.Error(err)
	}
}

// Statements are rewritten token by token; texts and names never change.
func TestRewrite(t *testing.T) {
	t.Parallel()
	d := &dialect{role: "finance", database: "trunkline", denied: map[string]bool{"read_csv": true}}
	for query, want := range map[string]string{
		"select 'pg_catalog.x', \"pg_catalog.y\" from t":                             "select 'pg_catalog.x', \"pg_catalog.y\" from t",
		"select pg_catalog.version()":                                                "select version()",
		"select information_schema.tables.table_name from information_schema.tables": "select memory.pg_info.tables.table_name from memory.pg_info.tables",
		"select a operator(pg_catalog.~) '^x$' collate pg_catalog.default":           "select a ~ '(?s).*(?:^x$).*'",
		"select a !~* 'x'":                             "select a !~ '(?is).*(?:x).*'",
		"select 'pg_class'::regclass::oid":             "select pg_regclass_oid('pg_class')::oid",
		"select c.oid::regclass":                       "select pg_regclass_name(c.oid)",
		"select cast(cast(a.b as regclass) as text)":   "select cast(pg_regclass_name(a.b) as text)",
		"select f(x)::regtype":                         "select pg_regtype_name(f(x))",
		"select 'x'::name, cast(y as name), z as name": "select 'x'::varchar, cast(y as varchar), z as name",
		"select (select b as name)":                    "select (select b as name)",
		"select current_user, x.current_user":          "select 'finance', x.current_user",
		"select 1 /* c */ + 2 -- d":                    "select 1   + 2",
		"select E'a\\'b\\n', $$c'd$$":                  "select 'a''b\n', 'c''d'",
		"select * from generate_series(1, 2) g":        "select * from generate_series(1, 2) as g(g)",
		"select * from generate_series(1, 2) as g(x)":  "select * from generate_series(1, 2) as g(x)",
		"select * from f(1) as s where s = 1":          "select * from (select f(1)) as s(s) where s = 1",
		"select f(1) as s, g(2) t from u":              "select f(1) as s, g(2) t from u",
		"select * from t join u on f(1) and x":         "select * from t join u on f(1) and x",
		"select a.b = any(c.d)":                        "select list_contains(c.d, a.b)",
		"select a = any(select 1)":                     "select a = any(select 1)",
		"select a = any($1)":                           "select list_contains( cast($1 as varchar[]), cast( a as varchar))",
		"select '{a}'::text[]":                         "select '[a]'::text[]",
	} {
		all, err := tokens(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		all, err = d.rewrite(all)
		plainer := strings.NewReplacer(", ", ",", "( ", "(")
		if got := render(all, nil); err != nil || plainer.Replace(got) != plainer.Replace(want) {
			t.Errorf("%s:\n%s, want\n%s %v", query, got, want, err)
		}
	}
	for query, want := range map[string]string{
		"select * from \"Read_CSV\" ('x')": "42501", "select U&'x'": "0A000", "select 'x": "42601", "select \"x": "42601", "select $$x": "42601",
		"select E'\\x41'": "0A000", "select '\xff'": "22021", "select '\x00'": "22021", "/*": "42601",
	} {
		all, err := tokens(query)
		if err == nil {
			_, err = d.rewrite(all)
		}
		if e, ok := err.(*Error); !ok || e.Code != want { //nolint:errorlint // it is never wrapped here
			t.Errorf("%s: %v, want %s", query, err, want)
		}
	}
}

// Whatever a client sends, reading its messages neither breaks nor keeps more than it may.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("Q\x00\x00\x00\x0dselect 1\x00X\x00\x00\x00\x04"))
	f.Add([]byte("P\x00\x00\x00\x10\x00select 1\x00\x00\x00B\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("\x00\x00\x00\x08\x04\xd2\x16\x2f"))
	f.Add([]byte("\x00\x00\x00\x13\x00\x03\x00\x00user\x00admin\x00\x00"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		const limit = 1 << 10
		in := newFrames(strings.NewReader(string(sent)), limit)
		for range len(sent) + 1 {
			m, err := in.next()
			if _, long := err.(tooLong); err != nil && !long { //nolint:errorlint // it is never wrapped
				break
			}
			if m == nil {
				t.Fatal("neither a message nor an error")
			}
		}
		if cap(in.body) > kept {
			t.Fatalf("%d bytes are kept", cap(in.body))
		}
		_, _ = readStartup(strings.NewReader(string(sent)))
		_, _ = readPassword(strings.NewReader(string(sent)))
	})
}

// Whatever a query is, taking it apart and writing it again neither breaks nor loses what it says.
func FuzzRewrite(f *testing.F) {
	for _, query := range []string{
		"select 'a'::regclass, $1 = any($2), x ~ 'y' from pg_catalog.pg_class c, f(1) as g", "select cast(cast(a as regclass) as text)", "::regclass", "as name)",
		"cast(as regclass)", "= any(", "a = any()", "operator(", "collate", "~ ''", ") as x", "pg_catalog.", "'{'::x[", "/**/'", "$1$1", "e'\\", "\u00a0\u200b",
	} {
		f.Add(query)
	}
	d := &dialect{role: "finance", database: "trunkline", denied: map[string]bool{"read_csv": true}}
	f.Fuzz(func(t *testing.T, query string) {
		all, err := tokens(query)
		if err != nil {
			return
		}
		for _, one := range statements(all) {
			out, err := d.rewrite(one)
			if err != nil {
				continue
			}
			again, err := tokens(render(out, nil))
			if err != nil {
				t.Fatalf("%q becomes %q: %v", query, render(out, nil), err)
			}
			for i, x := range again {
				if (x.kind == word || x.kind == quoted) && d.denied[x.value] && i+1 < len(again) && again[i+1].marks("(") {
					t.Fatalf("%q becomes %q", query, render(out, nil))
				}
			}
		}
	})
}

// Opening a file costs this much at the first connection: the catalogue is made for it.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "x.duckdb")
	makeFile(b, path, contacts)
	s := &source{path: path, database: "trunkline", limits: limits{"256MB", 2}, catalogue: catalogue(Config{Database: "trunkline"}, "admin")}
	for b.Loop() {
		e, err := s.acquire()
		if err != nil {
			b.Fatal(err)
		}
		s.release(e)
	}
}

// Rows are sent at this rate.
func BenchmarkRows(b *testing.B) {
	s := serve(b, nil)
	conn := s.connect(b, "")
	const n = 200000
	for b.Loop() {
		rows, err := conn.Query(b.Context(), fmt.Sprintf("select i, i / 3.0::double, 'text ' || i, timestamp '2026-11-01' + to_seconds(i) from range(%d) as t(i)", n))
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
		}
		if rows.Err() != nil {
			b.Fatal(rows.Err())
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// Keys that the file does not have are told, of tables that have all their columns.
func TestKeysThatAreTold(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) {
		c.Keys = map[string][]string{
			"legs": {"leg", "call"}, "part": {"call", "gone"}, "seen": {"call"}, "none": {"x"}, "pairs": {"left_id"}, // pairs has one of its own
		}
	})
	makeFile(t, s.file, `create table legs (call integer, leg integer, note varchar); create table part (call integer);
create table pairs (left_id integer, right_id integer, primary key (right_id, left_id)); create view seen as select * from legs`)
	conn := s.connect(t, "")
	const keys = `select k.conrelid::regclass::text || ': ' || a.attname || ' ' || a.attnotnull
from pg_constraint as k join pg_index as i on i.indexrelid = k.conindid join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
where k.contype = 'p' and i.indisprimary order by 1`
	want := [][]any{{"legs: call true"}, {"legs: leg true"}, {"pairs: left_id true"}, {"pairs: right_id true"}}
	if diff := cmp.Diff(want, ask(t, conn, keys)); diff != "" {
		t.Error(diff)
	}
	got := ask(t, conn, "select column_name from information_schema.key_column_usage where table_name = 'legs' order by ordinal_position")
	if diff := cmp.Diff([][]any{{"leg"}, {"call"}}, got); diff != "" {
		t.Error(diff)
	}
	if said := psql(t, s, `\d legs`); !strings.Contains(said, `"legs_pkey" PRIMARY KEY, btree (leg, call)`) || !strings.Contains(said, "call|integer||not null|") {
		t.Error(said)
	}
}
