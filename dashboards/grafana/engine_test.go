package grafana

import (
	"os"
	"testing"
	"time"

	"trunkline/dashboards/grafana/grafanatest"
	"trunkline/internal/redshiftsim"
)

// selection is one with all that makes a text awkward.
func selection(schema string) grafanatest.Selection {
	names := []string{"Billing", "It's \"done\"", "(none)"}
	return grafanatest.Selection{
		From: time.Date(2026, 10, 28, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 26, 23, 59, 59, 0, time.UTC),
		Schema: schema, Chosen: map[string][]string{"queue": names, "media": names, "tier": {""}},
	}
}

// TestRedshiftTakesEveryQuery: by the grammar that Redshift documents, once variables and macros are expanded.
func TestRedshiftTakesEveryQuery(t *testing.T) {
	all, err := grafanatest.Read(os.DirFS("."), "redshift")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		text, err := q.Expand(selection("trunkline"))
		if err != nil {
			t.Error(err)
			continue
		}
		if n, err := redshiftsim.Check(text); err != nil || n != 1 {
			t.Errorf("%s: %d statements, %v\n%s", q, n, err, text)
		}
	}
	t.Logf("%d queries", len(all))
}
