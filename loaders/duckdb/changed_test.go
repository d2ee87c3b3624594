package duckdb

import (
	"fmt"
	"math"
	"testing"

	statements "trunkline/sql"
)

// viewText is a view's query.
func viewText(t *testing.T, name string) string {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.Name == name {
			query, err := v.Query(statements.DuckDB())
			if err != nil {
				t.Fatal(err)
			}
			return query
		}
	}
	t.Fatalf("there is no view %s", name)
	return ""
}

// contactsOf writes n contacts of a day, of which so many are escalated.
func contactsOf(t *testing.T, l *Loader, date, tier, queue string, n, escalated int) {
	t.Helper()
	_, err := l.Conn.ExecContext(t.Context(), fmt.Sprintf(`insert into unified_interactions by name
select '%[1]s %[2]s %[3]s ' || i as conversation_id, timestamp '2026-11-01' as conversation_start, '' as data_source,
    '%[1]s' as business_date, 'ok' as crm_id_status, 'provisional' as finality, false as is_open, '' as time_source,
    '' as was_escalated_source, '' as source_run, timestamp '2026-11-01' as observed_at, '' as row_hash,
    '%[2]s' as customer_tier, '%[3]s' as queue_id, '%[3]s' as queue_name, i < %[5]d as was_escalated
from range(%[4]d) as r(i)`, date, tier, queue, n, escalated))
	if err != nil {
		t.Fatal(err)
	}
}

// Newcombe's own example (Statistics in Medicine 17 (1998) 873–890, table II, method 10): 56 of 70 against 48 of 80.
func TestWhatChangedGivesNewcombesInterval(t *testing.T) {
	l := openAll(t, tempConfig(t))
	contactsOf(t, l, "2026-11-19", "Gold", "Billing", 70, 56)
	contactsOf(t, l, "2026-11-10", "Gold", "Billing", 80, 48)
	rows, err := selectAll(t.Context(), l, "select * from ("+viewText(t, "what_changed")+") where level = 'all'")
	if err != nil || len(rows) != 1 {
		t.Fatalf("%v, %v", rows, err)
	}
	got := fmt.Sprint(rows[0]["change_points"], rows[0]["low_points"], rows[0]["high_points"])
	if want := "20 5.2 33.4"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// z = (0.2 − 1/2·(1/70 + 1/80)) ⁄ √(p(1−p)(1/70 + 1/80)) with p = 104/150, by hand 2.475; Holm raises the smallest by the
	// number of rows that are tested.
	p := rows[0]["p_value"].(float64)
	spread := 1.0/70 + 1.0/80
	z := (0.2 - spread/2) / math.Sqrt(104.0/150*46/150*spread)
	if want := math.Erfc(z / math.Sqrt2); math.Abs(p-want) > 2e-7 {
		t.Errorf("p is %v, want %v", p, want)
	}
}

// Rate and mix effects of a level add up to the overall change.
func TestWhatChangedAddsUp(t *testing.T) {
	l := openAll(t, tempConfig(t))
	contactsOf(t, l, "2026-11-10", "Gold", "Billing", 80, 48)
	contactsOf(t, l, "2026-11-11", "Silver", "Billing", 150, 30)
	contactsOf(t, l, "2026-11-11", "Bronze", "Sales", 40, 1)
	contactsOf(t, l, "2026-11-14", "Gold", "Billing", 90, 50)
	contactsOf(t, l, "2026-11-15", "Silver", "Billing", 100, 25)
	contactsOf(t, l, "2026-11-16", "Silver", "Billing", 60, 35)
	contactsOf(t, l, "2026-11-18", "Copper", "Care", 33, 11)
	if _, err := l.Conn.ExecContext(t.Context(), `insert into releases by name
select 'Portal' as product, '4.2' as release, '2026-11-16' as released_on, false as is_deleted, '' as source_run,
    timestamp '2026-11-01' as observed_at, '' as row_hash`); err != nil {
		t.Fatal(err)
	}
	rows, err := selectAll(t.Context(), l, `select level, sum(rate_effect_points + mix_effect_points) as total, count(*) as n
from (`+viewText(t, "what_changed")+`) where metric = 'escalation_rate' group by level order by level`)
	if err != nil {
		t.Fatal(err)
	}
	want := 100 * (121.0/283 - 79.0/270)
	n := map[string]int64{}
	for _, r := range rows {
		n[r["level"].(string)] = r["n"].(int64)
		if r["level"] != "release" && math.Abs(r["total"].(float64)-want) > 0.005 {
			t.Errorf("level %v adds up to %v, not %v", r["level"], r["total"], want)
		}
	}
	if got := fmt.Sprint(n); got != "map[all:1 queue:4 release:1 tier:5 tier_queue:5]" {
		t.Error(got)
	}
}
