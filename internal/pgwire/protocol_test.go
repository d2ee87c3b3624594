package pgwire

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"
)

// everything has a value of each type; nothing has NULL in the place of each.
const (
	everything = `select true as a, 1::tinyint as b, -2::smallint as c, 3::integer as d, -4::bigint as e, 1.5::float as f, -2.25::double as g,
    123456789012345678901234567.123::decimal(38, 3) as h, 170141183460469231731687303715884105727::hugeint as i, -0.05::decimal(4, 2) as j,
    18446744073709551615::ubigint as k, 'äöü' as l, 'this one is longer than twelve bytes' as m, date '1969-12-31' as n, timestamp '2026-11-01 10:00:00.5' as o,
    timestamptz '2026-11-01 10:00:00+02' as p, interval '14 months 3 days 4 hours' as q, time '10:11:12.000001' as r,
    '6ecd8c99-4036-403d-bf84-cf8400f67836'::uuid as s, '\x01\xFF'::blob as t, [1, null, 3] as u, ['a"b', '\\', null, ''] as u2, [[1]] as u3, {'x': [{'y': 'z'}]} as v, map {'k': 1} as w,
    '{"a": 1}'::json as x, 'b'::enum('a', 'b') as y, null as z, timestamp_s '2026-01-02 03:04:05' as aa, timestamp_ns '2026-01-02 03:04:05.123456' as ab,
    'infinity'::timestamp as ac, '-infinity'::date as ad, 'nan'::double as ae, '101'::bit as af`
)

// Values arrive as they are, in both forms of the protocol, and so do their types.
func TestTypes(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	numeric := func(text string) pgtype.Numeric {
		var n pgtype.Numeric
		if err := n.Scan(text); err != nil {
			t.Fatal(err)
		}
		return n
	}
	utc := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.UTC()
	}
	want := []any{
		true, int16(1), int16(-2), int32(3), int64(-4), float32(1.5), -2.25, numeric("123456789012345678901234567.123"),
		numeric("170141183460469231731687303715884105727"), numeric("-0.05"), numeric("18446744073709551615"), "äöü",
		"this one is longer than twelve bytes", utc("1969-12-31T00:00:00Z"), utc("2026-11-01T10:00:00.5Z"), utc("2026-11-01T08:00:00Z"),
		pgtype.Interval{Months: 14, Days: 3, Microseconds: 4 * 3600 * 1_000_000, Valid: true},
		pgtype.Time{Microseconds: (10*3600+11*60+12)*1_000_000 + 1, Valid: true},
		[16]byte{0x6e, 0xcd, 0x8c, 0x99, 0x40, 0x36, 0x40, 0x3d, 0xbf, 0x84, 0xcf, 0x84, 0x00, 0xf6, 0x78, 0x36},
		[]byte{1, 255},
		[]any{int64(1), nil, int64(3)},
		[]any{`a"b`, `\\`, nil, ""},
		"[[1]]",
		`{"x":[{"y":"z"}]}`, `{"k":1}`, `{"a": 1}`, "b", nil, utc("2026-01-02T03:04:05Z"), utc("2026-01-02T03:04:05.123456Z"), pgtype.Infinity,
		pgtype.NegativeInfinity, "NaN", "101",
	}
	for name, formats := range map[string]pgx.QueryResultFormats{"text": {0}, "binary": {1}} {
		rows := ask(t, conn, everything, formats)
		for i, got := range rows[0] {
			if at, ok := got.(time.Time); ok {
				got = at.UTC()
			}
			if f, ok := got.(float64); ok && f != f {
				got = "NaN"
			}
			if n, ok := got.(pgtype.Numeric); ok { // 10 × 10^-1 is 1
				wanted, _ := want[i].(pgtype.Numeric)
				a, _ := n.Value()
				b, _ := wanted.Value()
				if a != b {
					t.Errorf("%s: column %d: %v, want %v", name, i, a, b)
				}
				continue
			}
			if diff := cmp.Diff(want[i], got); diff != "" {
				t.Errorf("%s: column %d: %s", name, i, diff)
			}
		}
	}
	if diff := cmp.Diff([][]any{{nil, nil, nil}}, ask(t, conn, "select null::bigint, null::decimal(9, 2), null::varchar[]")); diff != "" {
		t.Error(diff)
	}
	described, err := conn.Prepare(t.Context(), "d", "select cost, tier, started, id from contacts")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range described.Fields {
		got = append(got, fmt.Sprintf("%s %d %d", f.Name, f.DataTypeOID, f.TypeModifier))
	}
	if diff := cmp.Diff([]string{"cost 1700 786439", "tier 25 -1", "started 1114 -1", "id 20 -1"}, got); diff != "" {
		t.Error(diff)
	}
}

// Parameters of all types mean what they are, whether the client or the engine knows their type.
func TestParameters(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	noon := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		query string
		args  []any
		want  any
	}{
		{"select count(*) from contacts where id < $1", []any{10}, int64(10)},
		{"select count(*) from contacts where id < $1 and closed = $2", []any{10, true}, int64(5)},
		{"select count(*) from contacts where started < $1", []any{noon.Add(time.Hour)}, int64(60)},
		{"select count(*) from contacts where seen < $1", []any{noon.Add(time.Hour)}, int64(60)},
		{"select count(*) from contacts where day = $1", []any{noon}, int64(667)},
		{"select count(*) from contacts where tier = $1", []any{"Gold"}, int64(6667)},
		{"select count(*) from contacts where tier is not distinct from $1", []any{nil}, int64(6666)},
		{"select count(*) from contacts where tier = any($1)", []any{[]string{"Gold", "Silver"}}, int64(13334)},
		{"select count(*) from contacts where id = any($1)", []any{[]string{"1", "2"}}, int64(2)},
		{"select count(*) from contacts where rating between $1 and $2", []any{1.0, 1.5}, int64(2)},
		{"select $1::text || 'x'", []any{`it's "quoted" \`}, `it's "quoted" \x`},
		{"select $1", []any{"text"}, "text"},
		{"select $1::integer + 1", []any{41}, int32(42)},
		{"select id from contacts order by id limit $1 offset $2", []any{1, 7}, int64(7)},
		{"select $2 || $1", []any{"a", "b"}, "ba"},
	} {
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeDescribeExec} {
			if got := ask(t, conn, c.query, append([]any{mode}, c.args...)...); got[0][0] != c.want {
				t.Errorf("%s %v: %v, want %v", c.query, c.args, got, c.want)
			}
		}
	}
	if got := ask(t, conn, "select count(*) from contacts where started between $1 and $2", pgx.QueryExecModeExec, noon, noon.Add(time.Minute)); got[0][0] != int64(2) {
		t.Error(got)
	}
	_, err := conn.Exec(t.Context(), "select $1::integer", pgx.QueryExecModeSimpleProtocol, "x'; drop table contacts; --")
	if code(err) != "22P02" {
		t.Errorf("a text for a number: %v", err)
	}
	result := conn.PgConn().ExecParams(t.Context(), "select $1::decimal", [][]byte{[]byte("0.1234567891")}, []uint32{pgtype.NumericOID}, nil, nil).Read()
	if code(result.Err) != "22P02" {
		t.Errorf("more digits than there is room for: %v", result.Err)
	}
}

// What Grafana makes of $__timeFilter(c) finds the same rows whatever the column's type.
func TestTimeFilter(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	for column, want := range map[string]int64{"day": 1334, "started": 1440, "seen": 1440} {
		query := "select count(*) from contacts where " + column + " BETWEEN '2026-11-02T12:00:00Z' AND '2026-11-03T11:59:59.999Z'"
		if column == "day" {
			query = strings.ReplaceAll(query, "T12:00:00Z", "T00:00:00Z")
		}
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeDescribeExec} {
			if got := ask(t, conn, query, mode); got[0][0] != want {
				t.Errorf("%s: %v, want %d", column, got, want)
			}
		}
	}
}

// A query that is too long is refused before it is looked at, and the session goes on.
func TestAQueryOfAHundredMegabytes(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	long := "select '" + strings.Repeat("x", 100<<20) + "'"
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeDescribeExec} {
		_, err := conn.Exec(t.Context(), long, mode)
		if code(err) != "54000" || !strings.Contains(err.Error(), "at most") {
			t.Errorf("%.300v", err)
		}
		if got := ask(t, conn, "select 1"); got[0][0] != int32(1) {
			t.Error(got)
		}
	}
}

// Queries as long as they may be, and as deep, take their time and end the session of nobody.
func TestLongAndDeepQueries(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	for name, query := range map[string]string{
		"brackets":  "select " + strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000),
		"lists":     "select " + strings.Repeat("[", 100000) + "1" + strings.Repeat("]", 100000),
		"calls":     "select " + strings.Repeat("f(", 100000) + "1" + strings.Repeat(")", 100000),
		"casts":     "select 1" + strings.Repeat("::regclass", 20000),
		"names":     "select " + strings.Repeat("1 as name, ", 1500) + "1",
		"functions": "select 1 from f() a" + strings.Repeat(", f() a", 20000),
		"anys":      "select " + strings.Repeat("a = any(", 20000) + "1" + strings.Repeat(")", 20000),
		"nots":      "select " + strings.Repeat("not ", 100000) + "true",
		"sums":      "select 1" + strings.Repeat("+1", 100000),
		"queries":   strings.Repeat("select * from (", 5000) + "select 1" + strings.Repeat(") as t", 5000),
		"comments":  strings.Repeat("/*", 200000),
		"quotes":    "select " + strings.Repeat("''", 200001) + "'",
	} {
		begin := time.Now()
		_, err := conn.Exec(t.Context(), query, pgx.QueryExecModeSimpleProtocol)
		if took := time.Since(begin); took > 30*time.Second {
			t.Errorf("%s: it took %v", name, took)
		} else {
			t.Logf("%s: %v, %.100v", name, took, err)
		}
		if got := ask(t, conn, "select 1"); got[0][0] != int32(1) {
			t.Error(got)
		}
	}
}

// endless is a query that takes longer than anybody waits.
const endless = "select count(*) from range(1000000000000) as t(i) where i % 7 = 3"

// A query is cancelled by its client, and by the time that it may take; the session goes on.
func TestCancelAndTimeout(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) { c.Timeout = 5 * time.Second })
	conn := s.connect(t, "")
	ask(t, conn, "select 1") // what follows is not about opening the file
	done := make(chan struct{})
	go func() { // the first may come before the query runs, which is then not cancelled: so it is with PostgreSQL
		for {
			select {
			case <-done:
				return
			case <-time.After(100 * time.Millisecond):
				_ = conn.PgConn().CancelRequest(t.Context())
			}
		}
	}()
	_, err := conn.Exec(t.Context(), endless)
	close(done)
	if code(err) != "57014" || !strings.Contains(err.Error(), "user request") {
		t.Error(err)
	}
	time.Sleep(300 * time.Millisecond) // the last of them meets nothing
	if _, err := conn.Exec(t.Context(), endless); code(err) != "57014" || !strings.Contains(err.Error(), "timeout") {
		t.Error(err)
	}
	if _, err := conn.Exec(t.Context(), "set statement_timeout = '200ms'"); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if _, err := conn.Exec(t.Context(), endless); code(err) != "57014" {
		t.Error(err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("the client's own limit took %v", took)
	}
	if got := ask(t, conn, "select 1"); got[0][0] != int32(1) {
		t.Error(got)
	}
}

// A key that is not the session's cancels nothing.
func TestCancelNeedsTheKey(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	conn := s.connect(t, "")
	ended := make(chan error, 1)
	go func() {
		_, err := conn.Exec(t.Context(), "select count(*) from range(30000000) as t(i) where i % 7 = 3")
		ended <- err
	}()
	for range 5 {
		c, err := new(net.Dialer).DialContext(t.Context(), "tcp", net.JoinHostPort(s.host, s.port))
		if err != nil {
			t.Fatal(err)
		}
		request, _ := (&pgproto3.CancelRequest{ProcessID: conn.PgConn().PID(), SecretKey: []byte{1, 2, 3, 4}}).Encode(nil)
		_, _ = c.Write(request)
		_ = c.Close()
		time.Sleep(20 * time.Millisecond)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A result is sent while it is made: one that would never fit into the engine's memory arrives, and ours does not grow.
func TestResultsAreStreamed(t *testing.T) {
	t.Parallel()
	conn := serve(t, func(c *Config) { c.Memory = "64MB" }).connect(t, "")
	before := resident(t)
	rows, err := conn.Query(t.Context(), "select i, repeat('x', 1000) from range(400000) as t(i)")
	if err != nil {
		t.Fatal(err)
	}
	n, most := 0, 0
	for rows.Next() {
		if n++; n%50000 == 0 {
			most = max(most, resident(t)-before)
		}
	}
	if rows.Err() != nil || n != 400000 {
		t.Fatal(n, rows.Err())
	}
	t.Logf("400 MB of rows took %d MB", most>>20)
	if most > 200<<20 {
		t.Errorf("400 MB of rows took %d MB", most>>20)
	}
	if _, err := conn.Exec(t.Context(), "select i, list(j) from range(3000) as a(i), range(100000) as b(j) group by i"); code(err) != "53200" {
		t.Errorf("more memory than there is: %v", err)
	}
	if got := ask(t, conn, "select 1"); got[0][0] != int32(1) {
		t.Error(got)
	}
}

// resident gives the memory of this process; where the system does not tell it, 0: then only the engine's own limit is tried.
func resident(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Log("there is no /proc here to measure memory by")
		return 0
	}
	var size, pages int
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// A result may be read in parts, several of them at a time, while other queries are asked.
func TestPortalsInParts(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	front := conn.PgConn().Frontend()
	send := func(messages ...pgproto3.FrontendMessage) {
		for _, m := range messages {
			front.Send(m)
		}
		if err := front.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	receive := func() (kinds string, rows []string) {
		for {
			m, err := front.Receive()
			if err != nil {
				t.Fatal(err)
			}
			switch m := m.(type) {
			case *pgproto3.DataRow:
				rows = append(rows, string(m.Values[0]))
			case *pgproto3.PortalSuspended:
				kinds += "s"
			case *pgproto3.CommandComplete:
				kinds += "c:" + string(m.CommandTag) + " "
			case *pgproto3.ErrorResponse:
				kinds += "e:" + m.Code + " "
			case *pgproto3.ReadyForQuery:
				return kinds + string(m.TxStatus), rows
			}
		}
	}
	bind := func(portal string) []pgproto3.FrontendMessage {
		return []pgproto3.FrontendMessage{
			&pgproto3.Parse{Name: "st" + portal, Query: "select i from range(5) as t(i)"},
			&pgproto3.Bind{PreparedStatement: "st" + portal, DestinationPortal: portal}, &pgproto3.Execute{Portal: portal, MaxRows: 2}, &pgproto3.Sync{},
		}
	}
	step := func(want string, wantRows []string, messages ...pgproto3.FrontendMessage) {
		t.Helper()
		send(messages...)
		kinds, rows := receive()
		if kinds != want || cmp.Diff(wantRows, rows) != "" {
			t.Errorf("%s %v, want %s %v", kinds, rows, want, wantRows)
		}
	}
	step("c:BEGIN T", nil, &pgproto3.Query{String: "begin"})
	step("sT", []string{"0", "1"}, bind("a")...)
	step("sT", []string{"0", "1"}, bind("b")...)
	step("c:SELECT 1 T", []string{"7"}, &pgproto3.Query{String: "select 7"})
	step("sT", []string{"2", "3"}, &pgproto3.Execute{Portal: "a", MaxRows: 2}, &pgproto3.Sync{})
	step("c:SELECT 5 T", []string{"2", "3", "4"}, &pgproto3.Execute{Portal: "b"}, &pgproto3.Sync{})
	step("c:SELECT 5 T", []string{"4"}, &pgproto3.Execute{Portal: "a", MaxRows: 2}, &pgproto3.Sync{})
	step("c:COMMIT I", nil, &pgproto3.Query{String: "commit"})
	step("e:34000 I", nil, &pgproto3.Execute{Portal: "a"}, &pgproto3.Sync{})
	// After an error nothing is done until Sync.
	step("e:42P01 I", nil, &pgproto3.Parse{Query: "select * from nowhere"}, &pgproto3.Bind{}, &pgproto3.Execute{}, &pgproto3.Sync{})
	step("c:SELECT 1 I", []string{"8"}, &pgproto3.Query{String: "select 8"})
	step("e:08P01 I", nil, &pgproto3.Parse{Name: "two", Query: "select $1, $2"}, &pgproto3.Bind{PreparedStatement: "two"}, &pgproto3.Sync{})
	step("e:42601 I", nil, &pgproto3.Parse{Query: "select 1; select 2"}, &pgproto3.Sync{})
	step("e:0A000 I", nil, &pgproto3.FunctionCall{}, &pgproto3.Sync{})
}

// A transaction that failed takes nothing but its end; savepoints and notices are as drivers expect them.
func TestTransactions(t *testing.T) {
	t.Parallel()
	var notices []string
	s := serve(t, nil)
	config, err := pgx.ParseConfig(s.dsn("admin"))
	if err != nil {
		t.Fatal(err)
	}
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { notices = append(notices, n.Message) }
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, step := range []struct{ query, want, status string }{
		{"begin transaction isolation level serializable, read only", "BEGIN", "T"},
		{"select 1", "SELECT 1", "T"},
		{"savepoint a", "SAVEPOINT", "T"},
		{"select nothing", "42703", "E"},
		{"select 1", "25P02", "E"},
		{"rollback to savepoint a", "ROLLBACK", "T"},
		{"select nothing", "42703", "E"},
		{"commit", "ROLLBACK", "I"},
		{"commit", "COMMIT", "I"},
		{"start transaction", "START TRANSACTION", "T"},
		{"end", "COMMIT", "I"},
		{"set time zone 'Europe/Berlin'", "SET", "I"},
		{"set session characteristics as transaction read write", "SET", "I"},
		{"set datestyle to 'German'", "0A000", "I"},
		{"set client_encoding to 'LATIN1'", "0A000", "I"},
		{"set names 'utf8'", "SET", "I"},
		{"set application_name = 'x'", "SET", "I"},
		{"set my.own = 'x'", "SET", "I"},
		{"show my.own", "SHOW", "I"},
		{"show transaction isolation level", "SHOW", "I"},
		{"reset all", "RESET", "I"},
		{"discard all", "DISCARD ALL", "I"},
		{"deallocate all", "DEALLOCATE ALL", "I"},
		{"deallocate nothing", "26000", "I"},
		{"unlisten *", "UNLISTEN", "I"},
	} {
		tag, err := conn.Exec(t.Context(), step.query, pgx.QueryExecModeSimpleProtocol)
		got := tag.String()
		if err != nil {
			got = code(err)
		}
		if status := string(conn.PgConn().TxStatus()); got != step.want || status != step.status {
			t.Errorf("%s: %s %s, want %s %s", step.query, got, status, step.want, step.status)
		}
	}
	want := []string{"there is no transaction in progress", "TimeZone stays UTC", "transactions stay read-only"}
	if diff := cmp.Diff(want, notices); diff != "" {
		t.Error(diff)
	}
}

// What the engine works out while it prepares a query counts as its time.
func TestPreparingTakesTime(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	ask(t, conn, "select 1")
	if _, err := conn.Exec(t.Context(), "set statement_timeout = '50ms'"); err != nil {
		t.Fatal(err)
	}
	long := "explain select levenshtein(repeat('a', 10000), repeat('b', 10000))"
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeDescribeExec} {
		begin := time.Now()
		_, err := conn.Exec(t.Context(), long, mode)
		t.Log(time.Since(begin))
		if code(err) != "57014" {
			t.Error(err)
		}
	}
	if _, err := conn.Exec(t.Context(), "set statement_timeout = default"); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, conn, "select 1"); got[0][0] != int32(1) {
		t.Error(got)
	}
}

// Texts of hundreds of megabytes are not made out of short ones, under whatever spelling, and those that people make are.
func TestRepeatedTexts(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	for _, query := range []string{
		"select length(repeat('x', 200000000))", "select length(\"REPEAT\" ('x', 200000000))", "select length(('x').repeat(200000000))",
		"select length(system.main.repeat('x', 200000000))", "select length(lpad('x', 200000000, 'y'))", "select length(rpad('x', 200000000, 'y'))",
		"select n from (select length(repeat(tier, 200000000)) as n from contacts) as t", "select length(repeat(repeat('x', 10000000), 200))",
		"select " + strings.Repeat("repeat(", 60) + "'x'" + strings.Repeat(", 1)", 60),
	} {
		begin := time.Now()
		if _, err := conn.Exec(t.Context(), query, pgx.QueryExecModeSimpleProtocol); err == nil || time.Since(begin) > 10*time.Second {
			t.Errorf("%s: %v after %v", query, err, time.Since(begin))
		}
	}
	got := ask(t, conn, "select repeat('ab', 3), lpad('7', 3, '0'), rpad('7', 3, '0'), repeat([1], 2), repeat('', 100000000), repeat(null, 3)")
	want := []any{"ababab", "007", "700", []any{int64(1), int64(1)}, "", nil}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	if got := ask(t, conn, "select * from repeat(7, 3)"); len(got) != 3 {
		t.Error(got)
	}
	begin := time.Now()
	if _, err := conn.Exec(t.Context(), "explain select "+strings.Repeat("length(repeat('x', 200000000)), ", 40)+"1"); err != nil || time.Since(begin) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}
