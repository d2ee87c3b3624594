package bigquery

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/bqfake"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

func TestQueryGivesPlainValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := time.Date(2026, 11, 1, 12, 0, 0, 500_000_000, time.UTC)
	w.answers["query"] = func(q bqfake.Query) bqfake.Result {
		if q.MaxBytesBilled != 5 || !q.NoCache || q.Dataset != "calls" {
			t.Errorf("%+v", q)
		}
		r := bqfake.Result{Kind: "SELECT", Columns: []bqfake.Column{
			{Name: "s", Type: "STRING"},
			{Name: "i", Type: "INTEGER"},
			{Name: "f", Type: "FLOAT"},
			{Name: "b", Type: "BOOLEAN"},
			{Name: "t", Type: "TIMESTAMP"},
			{Name: "d", Type: "DATE"},
			{Name: "n", Type: "NUMERIC"},
			{Name: "inf", Type: "FLOAT"},
		}}
		for range 2500 { // more than a page
			r.Rows = append(r.Rows, []any{"ü", 1, 0.5, true, at, "2026-11-01", "12.5", "Infinity"})
		}
		r.Rows[2499] = make([]any, 8)
		return r
	}
	c := w.config()
	c.MaxBytesBilled = 5
	var got loadertest.Answer
	if err := Query(t.Context(), c, "select 1", &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 2500 || got.Headings[4].Type != "TIMESTAMP" {
		t.Fatalf("%d rows, %v", len(got.Rows), got.Headings)
	}
	want := []any{"ü", int64(1), 0.5, true, "2026-11-01T12:00:00.5Z", "2026-11-01", 12.5, "+Inf"}
	if diff := cmp.Diff(want, got.Rows[2498]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(make([]any, 8), got.Rows[2499]); diff != "" {
		t.Error(diff)
	}
}

func TestQuerySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	gone := bqfake.Result{Reason: "notFound", Message: "Not found: Table acme:calls.match_bias was not found in location EU"}
	withheld := bqfake.Result{
		Columns: []bqfake.Column{{Name: "view_name", Type: "STRING"}, {Name: "state", Type: "STRING"}, {Name: "reason", Type: "STRING"}},
		Rows:    [][]any{{"match_bias", "withheld", "40 %"}},
	}
	for name, c := range map[string]struct {
		gives, published bqfake.Result
		code             string
		kind             pipeline.Kind
		says             string
	}{
		"what writes":             {bqfake.Result{Kind: "DELETE"}, bqfake.Result{}, "TL6004", pipeline.Misuse, "type DELETE"},
		"a script":                {bqfake.Result{Kind: "SCRIPT"}, bqfake.Result{}, "TL6004", pipeline.Misuse, "type SCRIPT"},
		"nothing published":       {gone, bqfake.Result{}, "TL6005", pipeline.Misuse, "nothing is published"},
		"a view that is withheld": {gone, withheld, "TL7003", pipeline.Gated, "match_bias is withheld because the quality gate was never open: 40 %"},
		"no rights":               {bqfake.Result{Reason: "accessDenied", Message: "Access Denied: Table"}, bqfake.Result{}, "TL6004", pipeline.Denied, "bigquery.dataEditor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.answers["query"] = func(bqfake.Query) bqfake.Result { return c.gives }
			w.answers["published"] = func(bqfake.Query) bqfake.Result { return c.published }
			err := Query(t.Context(), w.config(), "…", &loadertest.Answer{})
			refused(t, err, c.code, c.kind, c.says)
			if len(w.jobsOf("query")) > 0 {
				t.Error("it was sent")
			}
		})
	}
	w := newWorld(t)
	w.answers["query"] = func(bqfake.Query) bqfake.Result {
		return bqfake.Result{Reason: "invalidQuery", Message: "Unrecognized name: tear at [1:8]"}
	}
	err := Query(t.Context(), w.config(), "select tear", &loadertest.Answer{})
	if _, typed := errors.AsType[*pipeline.Error](err); typed || err == nil || !strings.Contains(err.Error(), "Unrecognized name: tear") {
		t.Errorf("got %v", err)
	}
}

func TestReenrichGivesWholeRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(t)
	since := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	row := &schema.Interaction{ConversationID: "1", ConversationStart: since.Add(time.Hour), BusinessDate: "2026-10-01", ObservedAt: since, CustomerTier: new("Gold"), LtvUsd: new(1.5), DurationMs: new(int64(3))}
	w.answers["reenrich"] = func(q bqfake.Query) bqfake.Result {
		if !strings.HasPrefix(q.Parameters["since"].(string), "2026-10-01 00:00:00") {
			t.Errorf("%v", q.Parameters)
		}
		var r bqfake.Result
		var cells []any
		for _, c := range schema.UnifiedInteractions.Columns {
			r.Columns = append(r.Columns, bqfake.Column{Name: c.Name, Type: [...]string{"STRING", "INTEGER", "FLOAT", "BOOLEAN", "TIMESTAMP"}[c.Type]})
			cells = append(cells, schema.Value(row, c))
		}
		r.Rows = [][]any{cells}
		return r
	}
	var got []schema.Row
	err := l.Reenrich(t.Context(), since, func(r schema.Row) error {
		got = append(got, r)
		return nil
	})
	if diff := cmp.Diff([]schema.Row{row}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// A plan sends no job: it says what would be sent, and what BigQuery says that it costs.
func TestAPlanSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["plan"] = func(q bqfake.Query) bqfake.Result {
		if strings.Contains(q.Text, "`crm_account_versions`") { // as on the first run
			return bqfake.Result{Reason: "notFound", Message: "Not found: Table"}
		}
		return bqfake.Result{Bytes: 1234}
	}
	b := loadertest.Batch(t, "r/1/load/warehouse/crm_accounts", &schema.Account{AccountID: "1"})
	c := w.config()
	if unpriced, err := Plan(t.Context(), c, b); err != nil || unpriced.Price != nil {
		t.Errorf("without a price: %v %v", unpriced.Price, err)
	}
	c.PricePerTiB = 1 << 40
	got, err := Plan(t.Context(), c, b)
	if err != nil || got.Price == nil || *got.Price != 1234 || got.Billed == nil || *got.Billed != 1234 || got.Upload != b.Files[0].Bytes || len(got.Statements) != 3 {
		t.Fatalf("%+v %v", got, err)
	}
	if jobs := w.Jobs(); len(jobs) > 0 || !strings.Contains(got.Statements[2], "begin transaction") {
		t.Errorf("%+v", jobs)
	}
}

func TestExamineFindsWhatARunWouldTripOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now, rights := time.Now(), ""
	w.answers["doctor"] = func(q bqfake.Query) bqfake.Result {
		if strings.Contains(q.Text, "update etl_leases") && rights != "" {
			return bqfake.Result{Reason: rights, Message: "Access Denied: Table acme:calls.etl_leases: Permission bigquery.tables.updateData denied"}
		}
		return bqfake.Result{Columns: []bqfake.Column{{Name: "now", Type: "TIMESTAMP"}}, Rows: [][]any{{now}}}
	}
	for _, f := range Examine(t.Context(), w.config()) {
		if f.Err != nil || f.Detail == "" {
			t.Errorf("%+v", f)
		}
	}
	now, rights = now.Add(-time.Hour), "accessDenied"
	w.AddDataset("calls_staging", "US")
	wrong := map[string]string{"dataset calls_staging": "lies in US", "tables": "updateData", "clock": "differs from BigQuery's by 1h0m"}
	for _, f := range Examine(t.Context(), w.config()) {
		if says := wrong[f.Name]; (f.Err != nil) != (says != "") || says != "" && !strings.Contains(f.Err.Error(), says) {
			t.Errorf("%+v", f)
		}
		delete(wrong, f.Name)
	}
	if len(wrong) > 0 {
		t.Errorf("not looked at: %v", wrong)
	}
	if jobs := w.jobsOf("doctor"); len(jobs) != 2 { // the clock is asked; all else are dry runs
		t.Errorf("%d jobs", len(jobs))
	}
	for _, g := range Grants(w.config()) {
		if strings.Contains(g, "dataOwner") || !strings.Contains(g, "acme") {
			t.Error("more than is needed:", g)
		}
	}
}
