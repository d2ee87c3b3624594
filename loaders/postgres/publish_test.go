package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

func openAll(t testing.TB, c Config) *Loader {
	t.Helper()
	l, err := Open(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.Migrate(t.Context(), schema.All()); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *Loader) mustExec(t testing.TB, statement string) {
	t.Helper()
	if _, err := l.Conn.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

// contacts replaces all conversations by n of yesterday, those of customers of the tier Gold.
func contacts(t *testing.T, l *Loader, n int) {
	t.Helper()
	l.mustExec(t, "delete from unified_interactions")
	l.mustExec(t, fmt.Sprintf(`insert into unified_interactions (conversation_id, business_date, conversation_start, is_open, data_source, time_source, was_escalated_source, crm_id_status,
    customer_tier, finality, source_run, observed_at, row_hash)
select i::text, '2026-11-19', timestamp '2026-11-19 12:00:00', false, 'genesys_cloud', 'genesys', 'none', 'ok', 'Gold', 'final', '', timestamp '2026-11-20', ''
from generate_series(1, %d) as i`, n))
}

func publish(t *testing.T, l *Loader, run string, open bool, keys ...string) pipeline.Published {
	t.Helper()
	p := pipeline.Publication{Run: run, GateOpen: open, PivotKeys: keys, At: time.Now()}
	if !open {
		p.Reason = "it's closed"
	}
	published, err := l.Publish(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return published
}

const contactsOfGold = "select sum(total_contacts)::bigint from escalation_by_tier where customer_tier = 'Gold'"

func ask(t *testing.T, c Config, query string) [][]any {
	t.Helper()
	a := &loadertest.Answer{}
	if err := Query(t.Context(), c, query, a); err != nil {
		t.Fatal(err)
	}
	return a.Rows
}

func TestPublishHonoursTheGate(t *testing.T) {
	t.Parallel()
	c := fresh(t, pgtest.Start(t, pgtest.Options{}), "gate")
	l := openAll(t, c)
	contacts(t, l, 10)
	publish(t, l, "first", false)
	for query, code := range map[string]string{contactsOfGold: "TL7003", "select * from escalation_by_teir": ""} {
		err := Query(t.Context(), c, query, &loadertest.Answer{})
		if e, _ := errors.AsType[*pipeline.Error](err); err == nil || (e != nil) != (code != "") || e != nil && e.Code != code {
			t.Errorf("%s: %v, want %s", query, err, code)
		}
	}
	contacts(t, l, 20)
	publish(t, l, "second", true)
	contacts(t, l, 30) // what is loaded is not seen in a view before it is published
	for _, step := range []struct {
		run  string
		open bool
		want int64
		free int64
	}{{"", false, 20, 20}, {"third", false, 20, 30}, {"third", false, 20, 30}, {"fourth", true, 30, 30}} {
		if step.run != "" {
			publish(t, l, step.run, step.open)
		}
		if diff := cmp.Diff([][]any{{step.want}}, ask(t, c, contactsOfGold)); diff != "" {
			t.Errorf("%+v: %s", step, diff)
		}
		if diff := cmp.Diff([][]any{{step.free}}, ask(t, c, "select sum(total_contacts)::bigint from join_quality_daily")); diff != "" {
			t.Errorf("%+v: a view without the CRM: %s", step, diff)
		}
	}
	if diff := cmp.Diff([][]any{{int64(1)}}, ask(t, c, "select count(*) from pg_class where relname like 'shown_escalation_by_tier%' and relkind = 'r'")); diff != "" {
		t.Error("tables of earlier publications are left:", diff)
	}
}

// Views keep what others granted and built on them, and change all in one step: whoever reads in between sees the last publication.
func TestPublicationIsOneStep(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Publishing, evidence.Engine)
	s := pgtest.Start(t, pgtest.Options{})
	c := fresh(t, s, "step")
	l := openAll(t, c)
	contacts(t, l, 10)
	publish(t, l, "first", true)
	l.mustExec(t, "create role grafana login")
	l.mustExec(t, "grant usage on schema warehouse to grafana")
	l.mustExec(t, "grant select on escalation_by_tier to grafana")
	l.mustExec(t, "create view mine as select customer_tier from escalation_by_tier")
	old, err := pgx.Connect(t.Context(), s.DSN("grafana", "step")+" search_path=warehouse")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = old.Close(context.Background()) }()
	before := func() (n int64) { // in a transaction that began before all publications that follow, and that does not end
		if err := old.QueryRow(t.Context(), contactsOfGold).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	if _, err := old.Exec(t.Context(), "begin isolation level repeatable read"); err != nil || before() != 10 {
		t.Fatal("the first publication is not seen:", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	seen := make(chan error, 1)
	go func() { seen <- readAlways(ctx, s.DSN("grafana", "step")) }()
	for n := range 8 {
		contacts(t, l, 10*(n+2))
		publish(t, l, fmt.Sprint("run ", n), true)
	}
	stop()
	if err := <-seen; err != nil {
		t.Error(err)
	}
	if n := before(); n != 10 {
		t.Errorf("a transaction sees %d contacts where it saw 10", n)
	}
	if diff := cmp.Diff([][]any{{"Gold"}}, ask(t, c, "select customer_tier from mine")); diff != "" {
		t.Error(diff)
	}
}

// readAlways asks as a role that was granted a view until it is told to stop: the sum may only grow, and no query may fail.
func readAlways(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(context.Background(), dsn+" search_path=warehouse")
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.Background()) }()
	asked := 0
	for last := int64(0); ctx.Err() == nil || asked == 0; asked++ {
		var n int64
		if err := conn.QueryRow(context.Background(), contactsOfGold).Scan(&n); err != nil {
			return fmt.Errorf("query %d: %w", asked, err)
		}
		if n < last || n%10 != 0 {
			return fmt.Errorf("%d contacts after %d", n, last)
		}
		last = n
	}
	return nil
}

// A view whose columns changed is made anew, with what the roles have of it.
func TestAViewMayGetOtherColumns(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t, pgtest.Options{})
	c := fresh(t, s, "columns")
	c.Roles = true
	l := openAll(t, c)
	l.mustExec(t, "create role grafana login")
	l.mustExec(t, "grant usage on schema warehouse to grafana")
	publish(t, l, "run", true)
	l.mustExec(t, "grant select on trusst_answers_by_contact to grafana")
	for _, keys := range [][]string{{"topic"}, {"quality", "topic"}, {}, {"topic"}} {
		published := publish(t, l, "run", true, keys...)
		if diff := cmp.Diff([]string{"trunkline_supervisor", "trunkline_finance"}, published.Roles); diff != "" {
			t.Error(diff)
		}
		a := &loadertest.Answer{}
		if err := Query(t.Context(), c, "select * from trusst_answers_by_contact", a); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"quality", "topic"} {
			has, want := false, false
			for _, h := range a.Headings {
				has = has || strings.HasPrefix(h.Name, key+"_")
			}
			for _, k := range keys {
				want = want || k == key
			}
			if has != want {
				t.Errorf("keys %v: the view has columns of %s: %v", keys, key, has)
			}
		}
	}
	if diff := cmp.Diff([][]any{{true}}, ask(t, c, "select has_table_privilege('grafana', 'trusst_answers_by_contact', 'select')")); diff != "" {
		t.Error("the grant is gone:", diff)
	}
	l.mustExec(t, "create view built as select topic_text from trusst_answers_by_contact")
	_, err := l.Publish(t.Context(), pipeline.Publication{Run: "built", GateOpen: true, At: time.Now()})
	if e, _ := errors.AsType[*pipeline.Error](err); e == nil || e.Kind != pipeline.Misuse || !strings.Contains(e.Cure, "built") {
		t.Errorf("a view that others are built on loses a column: %v, want an error that names them", err)
	}
}

// Each role reads its views and nothing else of all that there is, after the loader has published twice.
func TestRolesReadTheirViews(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Roles, evidence.Engine)
	s := pgtest.Start(t, pgtest.Options{})
	c := fresh(t, s, "roles")
	c.Roles = true
	l := openAll(t, c)
	publish(t, l, "run", true)
	publish(t, l, "again", true)
	readers := map[string]*pgx.Conn{}
	for _, r := range statements.Roles() {
		l.mustExec(t, "create role "+r.Name+"_reader login in role "+r.Account())
		conn, err := pgx.Connect(t.Context(), s.DSN(r.Name+"_reader", "roles"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(context.Background()) }()
		readers[r.Name] = conn
	}
	rows, err := selectAll(t.Context(), l, "select relname::text from pg_class where relnamespace = 'warehouse'::regnamespace and relkind in ('r', 'v')")
	if err != nil {
		t.Fatal(err)
	}
	var relations []string
	for _, row := range rows {
		relations = append(relations, row["relname"].(string))
	}
	loadertest.RunRoles(t, "warehouse", relations, readers)
}

func TestQueryCannotWrite(t *testing.T) {
	c := fresh(t, pgtest.Start(t, pgtest.Options{}), "reading")
	l := openAll(t, c)
	contacts(t, l, 3)
	for _, query := range []string{"delete from unified_interactions", "create table t (a int)", "select 1; delete from unified_interactions", "drop schema warehouse cascade"} {
		if err := Query(t.Context(), c, query, &loadertest.Answer{}); err == nil {
			t.Errorf("%s: done", query)
		}
	}
	if diff := cmp.Diff([][]any{{int64(3), 0.5, "2026-11-19T12:00:00Z", nil, true}},
		ask(t, c, "select count(*), 0.5, min(conversation_start), max(csat_score), true from unified_interactions")); diff != "" {
		t.Error(diff)
	}
}
