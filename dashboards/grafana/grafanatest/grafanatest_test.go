package grafanatest

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// files are those of a warehouse with one query of each kind.
func files() fstest.MapFS {
	return fstest.MapFS{
		"dashboards/x/b.json": {Data: []byte(`{"panels": [
  {"type": "row", "title": "R", "panels": [{"type": "stat", "title": "S", "targets": [{"rawSQL": "select 1"}]}]},
  {"type": "table", "title": "T", "targets": [{"rawSql": "select 2"}], "fieldConfig": {"overrides": [{"matcher": {"options": "c"}}]}}],
  "templating": {"list": [{"type": "query", "name": "v", "query": "select 3"}, {"type": "query", "name": "w", "query": {"rawSql": "select 4"}}, {"type": "textbox", "name": "u", "query": "z"}]},
  "annotations": {"list": [{"name": "A", "target": {"rawSql": "select 5"}}]}}`)},
		"provisioning/alerting/x.yaml": {Data: []byte(`groups: [{rules: [{uid: r, data: [
  {relativeTimeRange: {from: 7200}, model: {rawSql: select 6}},
  {model: {conditions: [{evaluator: {type: gt, params: [0.5]}}]}}]}]}]`)},
	}
}

func TestReadFindsEveryQuery(t *testing.T) {
	all, err := Read(files(), "x")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, q := range all {
		got = append(got, strings.Join([]string{q.Kind, q.Name, q.Text, strings.Join(q.Fields, ",")}, "|"))
	}
	want := []string{"variable|v|select 3|", "variable|w|select 4|", "annotation|A|select 5|", "stat|S|select 1|", "table|T|select 2|c", "alert|r|select 6|"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if rule := all[len(all)-1]; rule.Hours != 2 || rule.Above != 0.5 {
		t.Errorf("the rule is %+v", rule)
	}
	if _, err := Read(files(), "y"); err == nil {
		t.Error("a warehouse without files has queries")
	}
}

func TestExpand(t *testing.T) {
	s := Selection{
		From: time.Date(2026, 11, 1, 1, 0, 0, 0, time.FixedZone("", 3600)), To: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), Schema: "lake",
		Chosen: map[string][]string{"v": {"a", "it's"}},
	}
	for _, test := range []struct{ warehouse, text, want, fails string }{
		{"postgres", "from ${schema:raw}.t where $__timeFilter( c )", "from lake.t where c BETWEEN '2026-11-01T00:00:00Z' AND '2026-11-02T00:00:00Z'", ""},
		{"duckdb", "$__timeFilter(c)", "c >= '2026-11-01T00:00:00Z' AND c <= '2026-11-02T00:00:00Z'", ""},
		{"redshift", "x in (${v:sqlstring})", "x in ('a','it''s')", ""},
		{"bigquery", "x in (${v:singlequote})", `x in ('a','it\'s')`, ""},
		{"postgres", "x in (${w:sqlstring})", "", "nothing is chosen"},
		{"postgres", "x in (${v:csv})", "", "unknown format"},
		{"postgres", "x in ($v)", "", "left to expand"},
		{"postgres", "$__timeGroup(c, '1h')", "", "does not mean the same"},
	} {
		got, err := Query{Warehouse: test.warehouse, Text: test.text}.Expand(s)
		switch {
		case test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails)):
			t.Errorf("%s: error %v, want one that says %q", test.text, err, test.fails)
		case test.fails == "" && (err != nil || got != test.want):
			t.Errorf("%s is %q, want %q, %v", test.text, got, test.want, err)
		}
	}
}
