package bigquery

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/bqfake"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
)

// published lets the warehouse say of which views people saw something before.
func (w *world) published(seen ...string) {
	w.answers["published"] = func(bqfake.Query) bqfake.Result {
		r := bqfake.Result{Columns: []bqfake.Column{{Name: "view_name", Type: "STRING"}}}
		for _, name := range seen {
			r.Rows = append(r.Rows, []any{name})
		}
		return r
	}
}

// made is a catalogue in which some views' tables are as their queries are now.
func made(t *testing.T, c Config, names ...string) bqfake.Result {
	t.Helper()
	views, err := warehouse.Views(c.dialect(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := catalogueOf(schema.All()...)
	for _, v := range views {
		for _, name := range names {
			if v.Name == name {
				r.Rows = append(r.Rows, []any{"shown_" + name, "", "", `"made of ` + fingerprint(v) + `"`})
			}
		}
	}
	return r
}

// A view whose query is the same is refilled in the transaction; a new one is made before it. What the gate keeps back is not touched.
func TestPublishShowsWhatTheGateLets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(t)
	w.answers["catalogue"] = func(bqfake.Query) bqfake.Result { return made(t, l.config, "queue_performance_daily") }
	w.published("queue_performance_daily", "escalation_by_tier")
	got, err := l.Publish(t.Context(), pipeline.Publication{Run: "nightly/2", Reason: "40 % it's", At: time.Date(2026, 11, 2, 3, 4, 5, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"escalation_by_tier"}, got.Kept); diff != "" || got.Target != "acme.calls" || len(got.Withheld) == 0 || len(got.Views) == 0 {
		t.Errorf("%s %+v", diff, got)
	}
	jobs := w.jobsOf("publish")
	if len(jobs) != 1 {
		t.Fatalf("%d jobs", len(jobs))
	}
	before, rest, _ := strings.Cut(jobs[0].Query.Text, "begin transaction;\n\n")
	inside, after, ok := strings.Cut(rest, "commit transaction;")
	if !ok {
		t.Fatal("there is no transaction")
	}
	for _, c := range []struct {
		where, text string
		there       bool
	}{
		{before, "assert @@row_count = 1", true},
		{before, "create or replace table `calls`.`shown_queue_performance_daily`", false},
		{before, "create or replace table `calls`.`shown_queue_performance_hourly`", true},
		{before, "`shown_escalation_by_tier`", false},
		{inside, "update etl_leases", true},
		{inside, "truncate table `calls`.`shown_queue_performance_daily`;\n\ninsert into `calls`.`shown_queue_performance_daily`\n", true},
		{inside, "create ", false},
		{inside, "drop ", false},
		{inside, "shown_escalation_by_tier", false},
		{inside, `set state = 'kept', reason = '40 % it\'s'` + "\nwhere view_name in ('escalation_by_tier')", true},
		{inside, "('queue_performance_daily', 'current', 'nightly/2', timestamp '2026-11-02 03:04:05.000000+00', null)", true},
		{inside, `('bot_containment_by_industry', 'withheld', null, null, '40 % it\'s')`, true},
		{after, "create or replace view `calls`.`queue_performance_hourly`\noptions (description = ", true},
		{after, "create or replace view `calls`.`queue_performance_daily`", true}, // as an earlier publication may have been cut before it
		{after, "drop view if exists `calls`.`bot_containment_by_industry`", true},
		{after, "`escalation_by_tier`", false},
	} {
		if strings.Contains(c.where, c.text) != c.there {
			t.Errorf("%q: should be there is %t in\n%.600s", c.text, c.there, c.where)
		}
	}
}

// Each role gets a dataset with its views, which alone is let into ours; the second time nothing is left to let in.
func TestRolesGetDatasets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published()
	nothing := func(bqfake.Query) bqfake.Result { return bqfake.Result{} }
	w.answers["role_supervisor"], w.answers["role_finance"] = nothing, nothing
	l := w.open(t, func(c *Config) { c.Roles = true })
	for range 2 {
		got, err := l.Publish(t.Context(), pipeline.Publication{Run: "r", GateOpen: true, At: time.Now()})
		if diff := cmp.Diff([]string{"calls_supervisor", "calls_finance"}, got.Roles); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
	}
	if w.Dataset("calls_supervisor") == nil || w.Dataset("calls_finance").Location != "eu" {
		t.Error("the datasets were not made")
	}
	calls, _ := w.Calls()
	if access := w.Dataset("calls").Access; len(access) != 2 || calls["datasets.patch"] != 1 || !strings.Contains(string(access[0]), `"calls_supervisor"`) ||
		!strings.Contains(string(access[0]), `"VIEWS"`) {
		t.Errorf("%d patches, %s", calls["datasets.patch"], access)
	}
	text := w.jobsOf("role_supervisor")[0].Query.Text
	if !strings.Contains(text, "create or replace view `calls_supervisor`.`unified_interactions` as") || strings.Contains(text, "ltv_usd") {
		t.Errorf("%.500s", text)
	}
}

// The checks are one query, each answered by one row, and recorded in a transaction.
func TestChecksAreAskedAtOnceAndRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(t)
	asked := 0
	w.answers["audit"] = func(q bqfake.Query) bqfake.Result {
		r := bqfake.Result{Columns: []bqfake.Column{
			{Name: "number", Type: "INTEGER"}, {Name: "scope", Type: "STRING"}, {Name: "observed", Type: "FLOAT"}, {Name: "threshold", Type: "FLOAT"},
		}}
		asked = strings.Count(q.Text, " as number, scope")
		if day, known := q.Parameters["business_date"]; !known || day != nil || q.Parameters["join_limit"] != 0.3 {
			t.Errorf("%v", q.Parameters)
		}
		for i := range asked {
			r.Rows = append(r.Rows, []any{asked - 1 - i, "all", 0.5, nil})
		}
		return r
	}
	a := pipeline.Audit{Run: "nightly/2", JoinLimit: 0.3, At: time.Now()}
	results, err := l.Audit(t.Context(), a)
	if err != nil || len(results) != asked || asked < 30 {
		t.Fatal(len(results), asked, err)
	}
	for _, r := range results {
		if r.Status != "pass" || *r.Observed != 0.5 || r.Threshold != nil || r.CheckID == "" || r.RunID != a.Run {
			t.Errorf("%+v", r)
		}
	}
	text := w.jobsOf("record")[0].Query.Text
	if !strings.HasPrefix(text, "begin transaction;\n\nupdate etl_leases") || strings.Count(text, "('nightly/2', '") != asked ||
		!strings.Contains(text, "cast('0.5' as float64), null, ") || !strings.HasSuffix(text, "commit transaction;\n") {
		t.Errorf("%.900s", text)
	}
	whole := w.answers["audit"]
	w.answers["audit"] = func(q bqfake.Query) bqfake.Result {
		r := whole(q)
		r.Rows = r.Rows[1:]
		return r
	}
	if _, err := l.Audit(t.Context(), a); err == nil || !strings.Contains(err.Error(), "gave an answer") {
		t.Errorf("a check that gave no answer: %v", err)
	}
}
