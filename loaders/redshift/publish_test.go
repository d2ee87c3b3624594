package redshift

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
	"trunkline/internal/redshiftsim"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// contacts replaces all conversations by n of yesterday, those of customers of the tier Gold.
func contacts(t *testing.T, l *Loader, n int) {
	t.Helper()
	l.mustExec(t, "delete from unified_interactions")
	for i := range n {
		l.mustExec(t, `insert into unified_interactions (conversation_id, business_date, conversation_start, is_open, data_source, time_source, was_escalated_source, crm_id_status,
    customer_tier, finality, source_run, observed_at, row_hash)
values ($1, '2026-11-19', timestamp '2026-11-19 12:00:00', false, 'genesys_cloud', 'genesys', 'none', 'ok', 'Gold', 'final', '', timestamp '2026-11-20', '')`, fmt.Sprint(i))
	}
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

const contactsOfGold = "select cast(sum(total_contacts) as bigint) from escalation_by_tier where customer_tier = 'Gold'"

func answers(t *testing.T, c Config, query string) [][]any {
	t.Helper()
	a := &loadertest.Answer{}
	if err := Query(t.Context(), c, query, a); err != nil {
		t.Fatal(err)
	}
	return a.Rows
}

func TestPublishHonoursTheGate(t *testing.T) {
	t.Parallel()
	c := newAmazon(t, redshiftsim.Options{}).config("own")
	l := openAll(t, c)
	contacts(t, l, 1)
	if err := Query(t.Context(), c, contactsOfGold, &loadertest.Answer{}); code(err) != "TL6005" {
		t.Errorf("before the first publication: %v", err)
	}
	publish(t, l, "first", false)
	for query, want := range map[string]string{contactsOfGold: "TL7003", "select * from escalation_by_teir": ""} {
		if err := Query(t.Context(), c, query, &loadertest.Answer{}); err == nil || code(err) != want {
			t.Errorf("%s: %v, want %s", query, err, want)
		}
	}
	contacts(t, l, 2)
	publish(t, l, "second", true)
	contacts(t, l, 3) // what is loaded is not seen in a view before it is published
	for _, step := range []struct {
		run  string
		open bool
		want int64
		free int64
	}{{"", false, 2, 2}, {"third", false, 2, 3}, {"fourth", true, 3, 3}} {
		if step.run != "" {
			publish(t, l, step.run, step.open)
		}
		if diff := cmp.Diff([][]any{{step.want}}, answers(t, c, contactsOfGold)); diff != "" {
			t.Errorf("%+v: %s", step, diff)
		}
		if diff := cmp.Diff([][]any{{step.free}}, answers(t, c, "select cast(sum(total_contacts) as bigint) from join_quality_daily")); diff != "" {
			t.Errorf("%+v: a view without the CRM: %s", step, diff)
		}
	}
}

func code(err error) string {
	if e, ok := errors.AsType[*pipeline.Error](err); ok {
		return e.Code
	}
	return ""
}

// A view whose columns changed is made anew, with what others have of it; one whose table somebody narrowed too.
func TestAViewMayGetOtherColumns(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	c.Roles = true
	l := openAll(t, c)
	contacts(t, l, 1)
	l.mustExec(t, "create user grafana password 'Grafana123'")
	l.mustExec(t, "grant usage on schema own to grafana")
	publish(t, l, "run", true)
	l.mustExec(t, "grant select on trusst_answers_by_contact to grafana")
	for _, keys := range [][]string{{"topic"}, {"quality", "topic"}, {}, {"topic"}} {
		published := publish(t, l, "run", true, keys...)
		if diff := cmp.Diff([]string{"trunkline_supervisor", "trunkline_finance"}, published.Roles); diff != "" {
			t.Error(diff)
		}
		answer := &loadertest.Answer{}
		if err := Query(t.Context(), c, "select * from trusst_answers_by_contact", answer); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"quality", "topic"} {
			has, want := false, false
			for _, h := range answer.Headings {
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
	if diff := cmp.Diff([][]any{{true}}, answers(t, c, "select has_table_privilege('grafana', 'own.trusst_answers_by_contact', 'select')")); diff != "" {
		t.Error("the grant is gone:", diff)
	}
	l.mustExec(t, "drop view supervisor_escalation_by_tier, finance_escalation_by_tier")
	l.mustExec(t, "drop view escalation_by_tier")
	l.mustExec(t, "drop table shown_escalation_by_tier")
	l.mustExec(t, "create table shown_escalation_by_tier (customer_tier varchar(2), total_contacts bigint, known_contacts bigint, escalated_contacts bigint, escalation_rate_pct double precision)")
	publish(t, l, "run", true, "topic") // Gold has four letters
	if diff := cmp.Diff([][]any{{int64(1)}}, answers(t, c, contactsOfGold)); diff != "" {
		t.Error(diff)
	}
	l.mustExec(t, "create view built as select topic_text from trusst_answers_by_contact")
	_, err := l.Publish(t.Context(), pipeline.Publication{Run: "built", GateOpen: true, At: time.Now()})
	if e, _ := errors.AsType[*pipeline.Error](err); e == nil || e.Kind != pipeline.Misuse || !strings.Contains(e.Cure, "built") {
		t.Errorf("a view that others are built on loses a column: %v, want an error that names them", err)
	}
}

// Each role reads its views and nothing else of all that there is.
func TestRolesReadTheirViews(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Roles, evidence.Simulator)
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	c.Roles = true
	l := openAll(t, c)
	publish(t, l, "run", true)
	publish(t, l, "again", true)
	readers := map[string]*pgx.Conn{}
	for _, r := range statements.Roles() {
		l.mustExec(t, "create user "+r.Name+"_reader password 'Reader123'")
		l.mustExec(t, "grant role "+r.Account()+" to "+r.Name+"_reader")
		readers[r.Name] = reader(t, a, r.Name+"_reader")
	}
	rows, err := selectAll(t.Context(), l, `select relname from pg_class join pg_namespace on pg_namespace."oid" = relnamespace
where nspname = 'own' and relkind in ('r', 'v')`)
	if err != nil {
		t.Fatal(err)
	}
	var relations []string
	for _, row := range rows {
		relations = append(relations, row["relname"].(string))
	}
	loadertest.RunRoles(t, "own", relations, readers)
}

// reader logs a user in that reads.
func reader(t *testing.T, a *amazon, user string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), fmt.Sprintf("host=%s port=%d dbname=%s user=%s password=Reader123 sslmode=disable default_query_exec_mode=describe_exec",
		a.Host, a.Port, a.Database, user))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// Whoever reads while views are published sees the last publication or the next, of all views the same, and neither fails nor waits.
func TestPublicationIsOneStep(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Publishing, evidence.Simulator)
	a := newAmazon(t, redshiftsim.Options{})
	l := openAll(t, a.config("own"))
	contacts(t, l, 1)
	publish(t, l, "first", true)
	l.mustExec(t, "create user grafana password 'Reader123'")
	l.mustExec(t, "grant usage on schema own to grafana")
	l.mustExec(t, "grant select on escalation_by_tier to grafana")
	l.mustExec(t, "grant select on join_quality_daily to grafana")
	conn := reader(t, a, "grafana")
	ended, seen := make(chan struct{}), make(chan error, 1)
	go func() { seen <- readAlways(conn, ended) }()
	const publications = 6
	for n := range publications {
		contacts(t, l, n+2)
		publish(t, l, fmt.Sprint("run ", n), true)
	}
	close(ended)
	if err := <-seen; err != nil {
		t.Error(err)
	}
}

// readAlways asks two views at once until it is told to stop: both show the same contacts, of which there are never fewer.
func readAlways(conn *pgx.Conn, ended chan struct{}) error {
	ctx := context.Background()
	for last, asked := int64(0), 0; ; asked++ {
		var tiers, days int64
		err := conn.QueryRow(ctx, `select cast(sum(total_contacts) as bigint), (select cast(sum(total_contacts) as bigint) from own.join_quality_daily)
from own.escalation_by_tier`).Scan(&tiers, &days)
		switch {
		case err != nil:
			return fmt.Errorf("query %d: %w", asked, err)
		case tiers != days || tiers < last:
			return fmt.Errorf("query %d: %d and %d contacts after %d", asked, tiers, days, last)
		}
		last = tiers
		select {
		case <-ended:
			if asked < 20 {
				return fmt.Errorf("%d queries only", asked)
			}
			return nil
		default:
		}
	}
}

func TestQueryCannotWrite(t *testing.T) {
	t.Parallel()
	c := newAmazon(t, redshiftsim.Options{}).config("own")
	l := openAll(t, c)
	contacts(t, l, 3)
	for _, query := range []string{"delete from unified_interactions", "create table t (a int)", "select 1; delete from unified_interactions", "drop schema own cascade"} {
		if err := Query(t.Context(), c, query, &loadertest.Answer{}); err == nil {
			t.Errorf("%s: done", query)
		}
	}
	if diff := cmp.Diff([][]any{{int64(3), 0.5, "2026-11-19T12:00:00Z", nil, true}},
		answers(t, c, "select count(*), 0.5, min(conversation_start), max(csat_score), true from unified_interactions")); diff != "" {
		t.Error(diff)
	}
}
