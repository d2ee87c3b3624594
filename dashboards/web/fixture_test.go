package web

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"golang.org/x/net/html"

	"trunkline/loaders/warehouse"
	"trunkline/schema"
	statements "trunkline/sql"
)

// centre is a published file of our own making: the declared tables, the views, and as many contacts as a test wants.
type centre struct {
	contacts, days int
	closed         bool   // the gate
	without        string // a view that is left out
	after          []string
}

// lastDay is the newest business day of a centre.
const lastDay = "2026-11-26"

// publish writes a file and puts it in the place of another in one step.
func (c centre) publish(t testing.TB, path string) {
	t.Helper()
	next := path + ".next"
	db, err := sql.Open("duckdb", next)
	if err != nil {
		t.Fatal(err)
	}
	d := statements.DuckDB()
	var todo []string
	for _, table := range schema.All() {
		todo = append(todo, d.CreateTable(table))
	}
	todo = append(todo, "set TimeZone = 'UTC'")
	todo = append(todo, c.rows()...)
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		query, err := v.Query(d)
		if err != nil {
			t.Fatal(err)
		}
		if v.Name != c.without {
			todo = append(todo, d.CreateView(v.Name, query))
		}
	}
	for _, statement := range append(append(todo, c.after...), "checkpoint") {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%.300s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
}

// rows gives the statements that fill the tables. What is not said is NULL, or zero where it cannot be.
func (c centre) rows() []string {
	if c.contacts == 0 {
		return nil
	}
	at := fmt.Sprintf("(date '%s' - cast((i * 7919) %% %d as integer))", lastDay, c.days)
	of := func(column string, names ...string) string {
		return fmt.Sprintf("list_value('%s')[1 + cast((%s) %% %d as bigint)]", strings.Join(names, "', '"), column, len(names))
	}
	known := "i % 5 <> 0"
	queue := of("i // 3", "q1", "q2", "q3", "q4")
	contact := map[string]string{
		"conversation_id": "'c' || i", "conversation_start": at + " + interval 12 hour", "conversation_end": at + " + interval 13 hour",
		"duration_ms": "3600000", "business_date": "strftime(" + at + ", '%Y-%m-%d')", "media_type": of("i // 7", "voice", "chat", "email"),
		"customer_tier": "case when " + known + " then " + of("i // 11", "Enterprise", "Mid-Market", "SMB") + " end",
		"industry":      "case when " + known + " then " + of("i // 13", "Banking", "Energy", "Retail", "Insurance") + " end",
		"crm_id_status": "case when " + known + " then 'ok' else 'missing' end", "crm_account_id": "case when " + known + " then 'a' || (i % 97) end",
		"queue_id": queue, "queue_name": "upper(" + queue + ")", "last_queue_id": queue, "first_queue_id": queue, "handle_time_ms": "60000 + i % 1000",
		"handle_count": "1", "acw_time_ms": "5000", "offered_count": "1", "answered_count": "1", "answer_time_ms": "1000 * (i % 90)",
		"wait_time_ms": "1000 * (i % 90)", "abandoned": "i % 17 = 0", "short_abandon": "false", "was_escalated": "case when i % 31 <> 0 then i % 9 = 0 end", "bot_present": "i % 4 = 0",
		"handled_by_bot_only": "i % 8 = 0", "finality": "'final'", "is_open": "false", "direction": "'inbound'", "csat_score": "case when i % 6 = 0 then i % 5 + 1 end",
		"nps": "case when i % 6 = 0 then i % 11 end", "transferred": "i % 13 = 0", "observed_at": "timestamp '2026-11-27 02:30:00'", "data_source": "'genesys_cloud'",
	}
	visit := map[string]string{
		"conversation_id": "'c' || i", "visit_seq": "1", "queue_id": queue, "queue_name": "upper(" + queue + ")", "media_type": contact["media_type"], "business_date": contact["business_date"],
		"outcome": of("i // 5", "answered", "answered", "answered", "abandoned"), "answer_time_ms": "1000 * (i % 90)", "wait_time_ms": "1000 * (i % 90)",
	}
	run := map[string]string{
		"run_id": "'nightly/2026-11-26T00-00-00Z'", "step": of("i", "extract/genesys.conversations", "transform/unify", "load/warehouse", "audit"),
		"status": "'done'", "started_at": "timestamp '2026-11-27 02:30:00' + to_seconds(i)", "ended_at": "timestamp '2026-11-27 02:30:01' + to_seconds(i)",
		"interval_start": "timestamp '2026-11-26 00:00:00'", "interval_end": "timestamp '2026-11-27 00:00:00'", "rows_out": "1000 + i", "manifest": `'{"window":{}}'`,
		"code_version": "'test'",
	}
	check := map[string]string{
		"run_id": "'nightly/2026-11-26T00-00-00Z'", "check_id": of("i", "join_rate", "freshness"), "scope": "'all'", "severity": of("i", "gate", "warn"),
		"status": "'pass'", "observed": "0.2", "threshold": "0.3", "message": "'Conversations without a known CRM account: 20.0 %, limit 30.0 %'",
		"checked_at": "timestamp '2026-11-27 02:30:00'",
	}
	state := "'current'"
	if c.closed {
		check["status"], check["observed"] = "'fail'", "0.42"
		check["message"] = "'Conversations without a known CRM account: 42.0 %, limit 30.0 %'"
		state = "'kept'"
	}
	publication := map[string]string{
		"view_name": of("i", "escalation_by_tier", "contact_kpis_daily"), "state": state, "run_id": run["run_id"],
		"published_at": "timestamp '2026-11-25 02:31:00'", "reason": "'Conversations without a known CRM account: 42.0 %, limit 30.0 %'",
	}
	reject := map[string]string{
		"run_id": run["run_id"], "source": "'genesys'", "entity": "'conversations'", "natural_key": "'k' || i", "reason_code": "'bad_date'",
		"message": "'conversationStart is <script>alert(1)</script>'", "seen_at": "timestamp '2026-11-27 02:30:00'",
	}
	release := map[string]string{"product": "'Portal'", "release": "'4.2 <b>'", "released_on": "'2026-11-21'", "is_deleted": "false"}
	return []string{
		fill(schema.UnifiedInteractions, c.contacts, contact), fill(schema.QueueVisits, c.contacts, visit), fill(schema.EtlRuns, 4, run),
		fill(schema.EtlChecks, 2, check), fill(schema.EtlPublications, 2, publication), fill(schema.EtlRejects, 3, reject), fill(schema.Releases, 1, release),
	}
}

// fill gives the statement that puts n rows into a table; i is their number.
func fill(t *schema.Table, n int, columns map[string]string) string {
	known := map[string]bool{}
	var values []string
	for _, c := range t.Columns {
		value, ok := columns[c.Name]
		known[c.Name] = true
		switch {
		case ok:
		case c.Nullable:
			value = "null"
		default:
			value = map[schema.Type]string{schema.Text: "''", schema.Integer: "0", schema.Real: "0", schema.Boolean: "false", schema.Timestamp: "timestamp '2026-11-27 02:30:00'"}[c.Type]
		}
		values = append(values, value+" as "+c.Name)
	}
	for name := range columns {
		if !known[name] {
			panic(t.Name + " has no column " + name)
		}
	}
	return fmt.Sprintf("insert into %s by name select %s from range(%d) as r(i)", t.Name, strings.Join(values, ", "), n)
}

// onDisk is a published file as the page takes it.
type onDisk string

func (f onDisk) Stat() (fs.FileInfo, error) { return os.Stat(string(f)) }

func (f onDisk) Open(ctx context.Context) (*sql.DB, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, "attach '"+string(f)+"' as published (read_only)")
	return db, err
}

func (f onDisk) Select(ctx context.Context, query string, to warehouse.Answer) error {
	if !strings.HasPrefix(query, "select") {
		return errors.New("only a select is answered here")
	}
	db, err := f.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "use published"); err != nil {
		return err
	}
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if err := warehouse.Give(rows, to, func(_ string, v any) (any, error) { return v, nil }); err != nil {
		return err
	}
	return rows.Err()
}

func (f onDisk) Export(_ context.Context, query, path string) error {
	return os.WriteFile(path, []byte("parquet of "+query), 0o600)
}

// showing is a site over one file.
func showing(t testing.TB, c centre) (*Site, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "published.duckdb")
	c.publish(t, path)
	return siteOf(t, Config{Files: map[string]File{"": onDisk(path)}}), path
}

func siteOf(t testing.TB, c Config) *Site {
	t.Helper()
	c.Location, c.Version, c.Log = time.UTC, "test", slog.New(slog.DiscardHandler)
	c.Now = func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// get asks a page.
func get(t testing.TB, s *Site, url string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:9009"+url, nil)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// show asks a page that must be there.
func show(t testing.TB, s *Site, url string) *html.Node {
	t.Helper()
	w := get(t, s, url)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", url, w.Code, w.Body)
	}
	root, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// attr gives an attribute of an element.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// where gives the elements below a node that are as wanted, in their order.
func where(root *html.Node, wanted func(*html.Node) bool) []*html.Node {
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && wanted(n) {
			all = append(all, n)
		}
	}
	return all
}

// with gives the elements that have an attribute.
func with(root *html.Node, name string) []*html.Node {
	return where(root, func(n *html.Node) bool {
		for _, a := range n.Attr {
			if a.Key == name {
				return true
			}
		}
		return false
	})
}

// raw gives the value of the first figure below a node; "" if it is NULL.
func raw(t testing.TB, n *html.Node) string {
	t.Helper()
	for _, d := range append([]*html.Node{n}, where(n, func(n *html.Node) bool { return n.Data == "data" })...) {
		if d.Data == "data" {
			return attr(d, "value")
		}
	}
	return ""
}

// text gives all text below a node.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
