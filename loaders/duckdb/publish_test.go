package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/evidence"
	"trunkline/loaders/loadertest"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

func ask(t *testing.T, c Config, query string) [][]any {
	t.Helper()
	var a loadertest.Answer
	if err := Query(t.Context(), c, query, &a); err != nil {
		t.Fatal(err)
	}
	return a.Rows
}

func publish(t *testing.T, l *Loader, run string, open bool) pipeline.Published {
	t.Helper()
	p := pipeline.Publication{Run: run, GateOpen: open, At: time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)}
	if !open {
		p.Reason = "it's closed"
	}
	got, err := l.Publish(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

const contactsOfGold = "select total_contacts from escalation_by_tier where customer_tier = 'Gold'"

func TestPublishKeepsWhatTheGateHoldsBack(t *testing.T) {
	evidence.Shows(t, "DuckDB", evidence.Publishing, evidence.Engine)
	c := tempConfig(t)
	l := openAll(t, c)
	crm := []string{
		"bot_containment_by_industry", "case_resolution_by_tier", "contact_kpis_daily", "contact_kpis_weekly", "escalation_by_tier",
		"escalation_trend_weekly", "revenue_by_segment", "what_changed",
	}
	free := []string{
		"agent_performance_daily", "crm_kpi_bounds", "data_freshness", "join_quality_daily", "match_bias", "queue_performance_daily",
		"queue_performance_hourly", "satisfaction_daily", "trusst_answers_by_contact",
	}
	state := "select state, run_id, reason from etl_publications where view_name = 'escalation_by_tier'"

	contacts(t, l, 10, 9)
	got := publish(t, l, "first", false)
	if diff := cmp.Diff(pipeline.Published{Target: c.Published, Views: free, Withheld: crm}, got); diff != "" {
		t.Error("never open:", diff)
	}
	if err := Query(t.Context(), c, contactsOfGold, &loadertest.Answer{}); err == nil {
		t.Error("a view that was never open is there")
	}
	if diff := cmp.Diff([][]any{{"withheld", nil, "it's closed"}}, ask(t, c, state)); diff != "" {
		t.Error(diff)
	}

	contacts(t, l, 20, 0)
	got = publish(t, l, "second", true)
	if len(got.Views) != len(crm)+len(free) || len(got.Kept)+len(got.Withheld) > 0 {
		t.Error("open:", got)
	}
	if diff := cmp.Diff([][]any{{int64(20)}}, ask(t, c, contactsOfGold)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{"current", "second", nil}}, ask(t, c, state)); diff != "" {
		t.Error(diff)
	}

	contacts(t, l, 30, 29)
	for range 2 { // publishing again gives the same
		got = publish(t, l, "third", false)
		if diff := cmp.Diff(pipeline.Published{Target: c.Published, Views: free, Kept: crm}, got); diff != "" {
			t.Error("closed again:", diff)
		}
		if diff := cmp.Diff([][]any{{int64(20)}}, ask(t, c, contactsOfGold)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([][]any{{"kept", "second", "it's closed"}}, ask(t, c, state)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([][]any{{int64(30)}}, ask(t, c, "select sum(total_contacts)::bigint from join_quality_daily")); diff != "" {
			t.Error("a view without the CRM is held back:", diff)
		}
	}
	if diff := cmp.Diff([][]any{{"second"}}, ask(t, c, "select last_run from data_freshness where source = 'view/escalation_by_tier'")); diff != "" {
		t.Error(diff)
	}

	publish(t, l, "fourth", true)
	if diff := cmp.Diff([][]any{{int64(30)}}, ask(t, c, contactsOfGold)); diff != "" {
		t.Error("open again:", diff)
	}
}

func TestReadersKeepTheFileTheyHaveOpen(t *testing.T) {
	c := tempConfig(t)
	l := openAll(t, c)
	contacts(t, l, 10, 0)
	publish(t, l, "first", true)
	old, err := os.Open(c.Published)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = old.Close() }()
	before, err := os.ReadFile(c.Published)
	if err != nil {
		t.Fatal(err)
	}
	contacts(t, l, 20, 0)
	publish(t, l, "second", true)
	now := make([]byte, len(before))
	if _, err := old.ReadAt(now, 0); err != nil || string(now) != string(before) {
		t.Errorf("the file that a reader has open has changed (%v)", err)
	}
	if diff := cmp.Diff([][]any{{int64(20)}}, ask(t, c, contactsOfGold)); diff != "" {
		t.Error(diff)
	}
	if left, err := os.ReadDir(strings.TrimSuffix(c.Published, "/trunkline.duckdb")); err != nil || len(left) != 1 {
		t.Errorf("beside the published file: %v, %v", left, err)
	}
}

// What an earlier publication left behind when it was killed is no obstacle.
func TestPublishOverLeftovers(t *testing.T) {
	c := tempConfig(t)
	l := openAll(t, c)
	contacts(t, l, 10, 0)
	publish(t, l, "first", true)
	for _, name := range []string{".next", ".next.wal"} {
		if err := os.WriteFile(c.Published+name, []byte("half a file"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	publish(t, l, "second", true)
	if diff := cmp.Diff([][]any{{int64(10)}}, ask(t, c, contactsOfGold)); diff != "" {
		t.Error(diff)
	}
}

func TestPublishThatFailsLeavesTheOldFile(t *testing.T) {
	c := tempConfig(t)
	l := openAll(t, c)
	contacts(t, l, 10, 0)
	publish(t, l, "first", true)
	contacts(t, l, 20, 0)
	if err := os.Mkdir(c.Published+".next", 0o755); err != nil { // in the way of the copy, and not empty
		t.Fatal(err)
	}
	if err := os.WriteFile(c.Published+".next/x", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Publish(t.Context(), pipeline.Publication{Run: "second", GateOpen: true, At: time.Now()}); err == nil {
		t.Error("publish over a folder succeeded")
	}
	if diff := cmp.Diff([][]any{{int64(10)}}, ask(t, c, contactsOfGold)); diff != "" {
		t.Error(diff)
	}
}

func TestQueryGivesTypedValues(t *testing.T) {
	c := tempConfig(t)
	publish(t, openAll(t, c), "first", true)
	var a loadertest.Answer
	err := Query(t.Context(), c, "select 1::bigint as i, 0.5::double as f, 'x' as s, true as b, null::varchar as n, timestamp '2026-11-19 12:00:00.000001' as t", &a)
	if err != nil {
		t.Fatal(err)
	}
	want := loadertest.Answer{
		Headings: []warehouse.Heading{{Name: "i", Type: "BIGINT"}, {Name: "f", Type: "DOUBLE"}, {Name: "s", Type: "VARCHAR"}, {Name: "b", Type: "BOOLEAN"}, {Name: "n", Type: "VARCHAR"}, {Name: "t", Type: "TIMESTAMP"}},
		Rows:     [][]any{{int64(1), 0.5, "x", true, nil, "2026-11-19T12:00:00.000001Z"}},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
	a = loadertest.Answer{}
	if err := Query(t.Context(), c, "select business_date from unified_interactions", &a); err != nil || len(a.Headings) != 1 || len(a.Rows) != 0 {
		t.Errorf("no rows: %+v, %v; want the columns all the same", a, err)
	}
}

// Queries of one process do not meet: one may go on while others begin, and while a new file is published.
func TestQueriesAreIndependent(t *testing.T) {
	c := tempConfig(t)
	l := openAll(t, c)
	contacts(t, l, 10, 0)
	publish(t, l, "first", true)
	err := Query(t.Context(), c, "select 1", within(func() error {
		contacts(t, l, 20, 0)
		publish(t, l, "second", true)
		if diff := cmp.Diff([][]any{{int64(20)}}, ask(t, c, contactsOfGold)); diff != "" {
			t.Error(diff)
		}
		return nil
	}))
	if err != nil {
		t.Error(err)
	}
}

type within func() error

func (w within) Columns([]warehouse.Heading) error { return nil }
func (w within) Row([]any) error                   { return w() }

func TestQueryReadsNothingElse(t *testing.T) {
	c := tempConfig(t)
	publish(t, openAll(t, c), "first", true)
	secret := t.TempDir() + "/secret.csv"
	if err := os.WriteFile(secret, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		"select * from read_csv('" + secret + "')",
		"select * from '" + secret + "'",
		"attach '" + c.Path + "' as w",
		"copy (select 1) to '" + secret + ".out'",
		"create table x (a int)",
		"delete from unified_interactions",
		"set enable_external_access = true",
		"install httpfs",
		"select nonsense from unified_interactions",
		"",
	} {
		if err := Query(t.Context(), c, query, &loadertest.Answer{}); err == nil {
			t.Errorf("%q was let through", query)
		}
	}
	stop := errors.New("stop")
	if err := Query(t.Context(), c, "select * from range(10)", stopper{stop}); !errors.Is(err, stop) {
		t.Errorf("the reader's error is %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := Query(ctx, c, "select count(*) from range(100000000) a, range(100000000) b", &loadertest.Answer{}); err == nil {
		t.Error("a query outlived its context")
	}
}

type stopper struct{ err error }

func (s stopper) Columns([]warehouse.Heading) error { return nil }
func (s stopper) Row([]any) error                   { return s.err }

func TestQueryBeforeAnythingIsPublished(t *testing.T) {
	err := Query(t.Context(), tempConfig(t), "select 1", &loadertest.Answer{})
	if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL6005" {
		t.Errorf("%v, want TL6005", err)
	}
}

// The answers to the questions that are asked for are columns of the view, in every file, whatever a key is made of; with other
// keys it has other columns.
func TestAnswersArePivotedByTheKeysOfThePublication(t *testing.T) {
	t.Parallel()
	c := withRoles(t)
	l := openAll(t, c)
	keys := []string{"quality_score", `"; drop table trusst_answers; --`, "it's", "Größe – ok?", "质量", "contact_id", strings.Repeat("long ", 40)}
	l.mustExec(t, `insert into trusst_contacts (contact_id, stage, is_deleted, source_run, observed_at, row_hash)
values ('a', 'COMPLETED', false, '', timestamp '2026-11-19', '')`)
	for i, key := range keys {
		l.mustExec(t, `insert into trusst_answers (
    contact_id, question_id, question_key, result, number, truth, conversion_status, source_run, observed_at, row_hash
) values ('a', ?, ?, ?, ?, true, 'ok', '', timestamp '2026-11-19', '')`, fmt.Sprint(i), key, "answer to "+key, i)
	}
	files := []string{c.Published, c.Roles["supervisor"], c.Roles["finance"]}
	for _, chosen := range [][]string{keys, keys[2:4]} {
		if _, err := l.Publish(t.Context(), pipeline.Publication{Run: "r", GateOpen: true, PivotKeys: chosen, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			columns := ask(t, Config{Published: path}, "select count(*) from duckdb_columns() where table_name = 'trusst_answers_by_contact'")
			if got, want := columns[0][0], int64(8+3*len(chosen)); got != want {
				t.Errorf("%s: %v columns, want %d", path, got, want)
			}
			names, want := []string{"contact_id"}, []any{"a"}
			for i, key := range keys {
				p, err := statements.PivotOf(key)
				if err != nil {
					t.Fatal(err)
				}
				if slices.Contains(chosen, key) {
					names = append(names, l.Dialect.Quote(p.Text), l.Dialect.Quote(p.Number), l.Dialect.Quote(p.Truth))
					want = append(want, "answer to "+key, int64(i), true)
				}
			}
			got := ask(t, Config{Published: path}, "select "+strings.Join(names, ", ")+" from trusst_answers_by_contact")
			if diff := cmp.Diff([][]any{want}, got); diff != "" {
				t.Errorf("%s: %s", path, diff)
			}
		}
	}
}
