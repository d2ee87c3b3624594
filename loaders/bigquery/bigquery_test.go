package bigquery

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/bqfake"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// world is a fake with what its queries give, by the step of the job. A query that nobody foresaw is an error.
type world struct {
	*bqfake.Server

	answers map[string]func(bqfake.Query) bqfake.Result
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{}
	nothing := func(bqfake.Query) bqfake.Result { return bqfake.Result{} }
	w.answers = map[string]func(bqfake.Query) bqfake.Result{
		"catalogue": func(bqfake.Query) bqfake.Result { return catalogueOf(schema.All()...) },
		"lease": func(bqfake.Query) bqfake.Result {
			return bqfake.Result{Columns: []bqfake.Column{{Name: "token", Type: "INTEGER"}}, Rows: [][]any{{7}}}
		},
		"ledger":  func(bqfake.Query) bqfake.Result { return entries() },
		"release": nothing, "migrate": nothing, "record": nothing, "publish": nothing,
	}
	w.Server = bqfake.New(t, bqfake.Options{Project: "acme", Label: stepLabel, Answer: func(q bqfake.Query) bqfake.Result {
		answer := w.answers[q.Step]
		if answer == nil {
			t.Errorf("nobody foresaw the step %q: %s", q.Step, q.Text)
			return bqfake.Result{Reason: "invalidQuery", Message: "unforeseen"}
		}
		return answer(q)
	}})
	w.AddDataset("calls", "EU")
	w.AddDataset("calls_staging", "EU")
	return w
}

func (w *world) config() Config {
	return Config{Project: "acme", Dataset: "calls", Location: "eu", Endpoint: w.URL, Patience: 20 * time.Second}
}

func (w *world) open(t testing.TB, change ...func(*Config)) *Loader {
	t.Helper()
	c := w.config()
	for _, f := range change {
		f(&c)
	}
	l, err := Open(t.Context(), c, "host:1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.Heal()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// impatient gives up soon.
func impatient(c *Config) { c.Patience = 300 * time.Millisecond }

// catalogueOf is the answer of a dataset that has these tables as they are declared.
func catalogueOf(tables ...*schema.Table) bqfake.Result {
	d := statements.BigQuery()
	r := bqfake.Result{Columns: []bqfake.Column{{Name: "table_name", Type: "STRING"}, {Name: "column_name", Type: "STRING"}, {Name: "kind", Type: "STRING"}, {Name: "about", Type: "STRING"}}}
	for _, t := range tables {
		for _, c := range t.Columns {
			r.Rows = append(r.Rows, []any{t.Name, c.Name, d.Type(c), c.Doc})
		}
	}
	return r
}

// entries is an answer of the ledger: a step's id and four counts, again and again.
func entries(cells ...any) bqfake.Result {
	r := bqfake.Result{Columns: []bqfake.Column{
		{Name: "step_id", Type: "STRING"},
		{Name: "inserted", Type: "INTEGER"},
		{Name: "updated", Type: "INTEGER"},
		{Name: "unchanged", Type: "INTEGER"},
		{Name: "deleted", Type: "INTEGER"},
	}}
	for i := 0; i < len(cells); i += 5 {
		r.Rows = append(r.Rows, cells[i:i+5])
	}
	return r
}

const batchID = "nightly/2026-11-01T00-00-00Z/load/warehouse/queues"

func queues(names ...string) []schema.Row {
	var rows []schema.Row
	for _, name := range names {
		q := &schema.Queue{QueueID: name, Name: &name, ObservedAt: time.Date(2026, 11, 1, 12, 0, 0, 123456000, time.UTC), IsListed: true}
		schema.Seal(q, "r", q.ObservedAt)
		rows = append(rows, q)
	}
	return rows
}

// merges lets a merge give counts, and fails the test if it is asked without the lease.
func (w *world) merges(t testing.TB, step string, cells ...any) {
	t.Helper()
	w.answers[step] = func(q bqfake.Query) bqfake.Result {
		if q.Parameters["token"] != int64(7) || q.Parameters["seconds"] != int64(900) {
			t.Errorf("a merge without the lease: %v", q.Parameters)
		}
		return entries(cells...)
	}
}

// jobsOf gives the jobs of a step.
func (w *world) jobsOf(step string) (all []bqfake.Job) {
	for _, j := range w.Jobs() {
		if j.Step == step {
			all = append(all, j)
		}
	}
	return all
}

// A batch is staged as it is, and merged by the very script that is committed, in which nothing but the staging tables' names differs.
func TestABatchIsStagedAndMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.merges(t, "merge_queues", batchID, 2, 1, 0, nil)
	l := w.open(t)
	b := loadertest.Batch(t, batchID, queues("a", "b", "ü")...)
	got, err := l.Load(t.Context(), b)
	if diff := cmp.Diff(map[string]pipeline.Loaded{"queues": {Inserted: 2, Updated: 1}}, got); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	staged := w.jobsOf("stage_queues")
	if len(staged) != 1 || staged[0].Labels["trunkline_run"] != "nightly_2026_11_01t00_00_00z" || !strings.HasSuffix(staged[0].ID, "_1") {
		t.Fatalf("%+v", staged)
	}
	if want := "tl_nightly_2026_11_01T00_00_00Z_load_warehouse_queues_queues_"; !strings.HasPrefix(staged[0].ID, want) {
		t.Errorf("id %s", staged[0].ID)
	}
	table := w.Tables()[staged[0].Table]
	if table == nil || len(table.Rows) != 3 || table.Rows[2]["queue_id"] != "ü" || table.Rows[2]["batch_row"] != int64(3) || table.Rows[0]["sla_share"] != nil ||
		table.Rows[1]["observed_at"] != time.Date(2026, 11, 1, 12, 0, 0, 123456000, time.UTC) || table.Rows[0]["is_listed"] != true {
		t.Errorf("%+v", table)
	}
	merged := w.jobsOf("merge_queues")
	if len(merged) != 1 {
		t.Fatalf("%+v", merged)
	}
	q := merged[0].Query
	if q.Parameters["received_queues"] != int64(3) || q.Parameters["step_id"] != batchID || q.Parameters["loaded_at"] == nil || q.Dataset != "calls" {
		t.Errorf("%+v", q.Parameters)
	}
	committed, err := os.ReadFile("../../sql/bigquery/queues.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, name, _ := strings.Cut(staged[0].Table, ".")
	text := strings.ReplaceAll(q.Text, "`calls_staging`.`"+name+"`", "`trunkline_staging`.`queues`")
	if !strings.Contains(string(committed), strings.TrimSpace(text)) {
		t.Errorf("this is not the script that is committed:\n%s", text)
	}
}

// What was committed with the same content is not uploaded again.
func TestABatchInTheLedgerIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["ledger"] = func(bqfake.Query) bqfake.Result { return entries(batchID, 5, 4, 3, 0) }
	l := w.open(t)
	got, err := l.Load(t.Context(), loadertest.Batch(t, batchID, queues("a")...))
	if diff := cmp.Diff(map[string]pipeline.Loaded{"queues": {Inserted: 5, Updated: 4, Unchanged: 3}}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, uploaded := w.Calls(); uploaded > 0 {
		t.Errorf("%d bytes were uploaded", uploaded)
	}
}

// A table's children are staged with it, those without rows too: they lose what belongs to replaced rows.
func TestChildrenAreStagedWithTheirParents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.merges(t, "merge_crm_accounts", "a", 1, 0, 0, 0, "a/crm_account_versions", 0, 0, 0, 2)
	l := w.open(t)
	account := &schema.Account{AccountID: "1"}
	if err := schema.SealFamily(account, nil, "r", time.Now()); err != nil {
		t.Fatal(err)
	}
	got, err := l.Load(t.Context(), loadertest.Batch(t, "a", account))
	want := map[string]pipeline.Loaded{"crm_accounts": {Inserted: 1}, "crm_account_versions": {Deleted: 2}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	staged := w.jobsOf("stage_crm_account_versions")
	if len(staged) != 1 || len(w.Tables()[staged[0].Table].Rows) != 0 {
		t.Errorf("%+v", staged)
	}
	q := w.jobsOf("merge_crm_accounts")[0].Query
	if q.Parameters["received_crm_account_versions"] != int64(0) || !strings.Contains(q.Text, staged[0].Table[len("calls_staging."):]) {
		t.Errorf("%v", q.Parameters)
	}
}

// refused holds an error against what a person is to be told.
func refused(t *testing.T, err error, code string, kind pipeline.Kind, says ...string) {
	t.Helper()
	e, ok := errors.AsType[*pipeline.Error](err)
	if !ok || e.Code != code || e.Kind != kind || e.Cure == "" {
		t.Errorf("got %v, want %s of kind %v with a cure", err, code, kind)
		return
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("%v does not say %q", err, s)
		}
	}
}
