package bqcheck_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"trunkline/dashboards/grafana/grafanatest"
)

// What Grafana asks BigQuery is understood too, once variables and macros are expanded as Grafana and its plugin do.
func TestEveryQueryOfGrafana(t *testing.T) {
	var script strings.Builder
	files := os.DirFS("../../sql/bigquery")
	names, err := fs.Glob(files, "views/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d views, %v", len(names), err)
	}
	for _, name := range names {
		script.WriteString(read(t, files, name))
	}
	views := strings.Count(script.String(), ";\n")
	all, err := grafanatest.Read(os.DirFS("../../dashboards/grafana"), "bigquery")
	if err != nil {
		t.Fatal(err)
	}
	to := time.Date(2026, 11, 26, 23, 59, 59, 0, time.UTC)
	chosen := []string{"Billing", `It's "done"`, ""}
	for _, q := range all {
		text, err := q.Expand(grafanatest.Selection{
			From: to.AddDate(0, 0, -30), To: to, Schema: "trunkline", Chosen: map[string][]string{"queue": chosen, "media": chosen, "tier": chosen},
		})
		if err != nil {
			t.Fatal(err)
		}
		script.WriteString(text + ";\n")
	}
	n, err := newAnalyser(t).script(script.String())
	if err != nil || n < views+len(all) {
		t.Errorf("%d statements of %d views and %d queries, %v", n, views, len(all), err)
	}
	t.Logf("%d queries", len(all))
}
