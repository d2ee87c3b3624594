package duckdb

import (
	"fmt"
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
)

// contacts puts conversations into the warehouse, the first of them without a known account.
func contacts(t *testing.T, l *Loader, total, unknown int) {
	t.Helper()
	l.mustExec(t, "delete from unified_interactions")
	l.mustExec(t, fmt.Sprintf(`insert into unified_interactions (
    conversation_id, conversation_start, data_source, business_date, crm_id_status, finality, is_open, time_source,
    was_escalated_source, source_run, observed_at, row_hash, customer_tier, was_escalated
)
select
    'c' || i, timestamp '2026-11-19 12:00:00', 'genesys_cloud', '2026-11-19', if(i < %d, 'missing', 'ok'), 'final', false, 'metric',
    'none', 'r', timestamp '2026-11-20 02:00:00', 'h' || i, 'Gold', i %% 2 = 0
from range(%d) as r(i)`, unknown, total))
}

func audit(t *testing.T, l *Loader, a pipeline.Audit) map[string]schema.Check {
	t.Helper()
	checks, err := l.Audit(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]schema.Check{}
	for _, c := range checks {
		byID[c.CheckID+" "+c.Scope] = c
	}
	if len(byID) != len(checks) {
		t.Errorf("%d checks of %d have an id and scope of their own", len(byID), len(checks))
	}
	return byID
}

const joinRate = "join_rate 30 days to 2026-11-19"

func TestJoinGate(t *testing.T) {
	l := openAll(t, tempConfig(t))
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		unknown int
		waived  time.Time
		want    string
	}{
		{"29.9 %", 299, time.Time{}, "pass"},
		{"30.0 % is the limit", 300, time.Time{}, "pass"},
		{"30.1 %", 301, time.Time{}, "fail"},
		{"30.1 %, waived", 301, at.Add(time.Second), "waived"},
		{"30.1 %, waived until now", 301, at, "fail"},
		{"29.9 % needs no waiver", 299, at.Add(time.Second), "pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			contacts(t, l, 1000, c.unknown)
			checks := audit(t, l, pipeline.Audit{Run: "r", JoinLimit: 0.3, WaivedUntil: c.waived, WaiverNote: "agreed by N. N.", At: at})
			got := checks[joinRate]
			if got.Status != c.want || got.Severity != "gate" {
				t.Errorf("%+v, want status %s of severity gate", got, c.want)
			}
			if got.Observed == nil || *got.Observed != float64(c.unknown)/1000 || *got.Threshold != 0.3 {
				t.Errorf("observed %v, threshold %v", *got.Observed, *got.Threshold)
			}
		})
	}
}

func TestAuditIsRecordedOnce(t *testing.T) {
	l := openAll(t, tempConfig(t))
	contacts(t, l, 10, 9)
	a := pipeline.Audit{Run: "r", JoinLimit: 0.3, At: time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)}
	made := audit(t, l, a)
	audit(t, l, a)
	rows, err := selectAll(t.Context(), l, "select check_id, scope, status, message from etl_checks where run_id = 'r'")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(made) {
		t.Errorf("%d rows in etl_checks for %d checks", len(rows), len(made))
	}
	for _, r := range rows {
		c := made[r["check_id"].(string)+" "+r["scope"].(string)]
		if c.Status != r["status"] || c.Message != r["message"] {
			t.Errorf("recorded %v, made %+v", r, c)
		}
	}
	if want := "Conversations without a known CRM account: 90.0 %, limit 30.0 %"; made[joinRate].Message != want {
		t.Errorf("message %q, want %q", made[joinRate].Message, want)
	}
}

func TestAuditSeesDoubledKeys(t *testing.T) {
	l := openAll(t, tempConfig(t))
	contacts(t, l, 3, 0)
	l.mustExec(t, "insert into unified_interactions select * from unified_interactions where conversation_id = 'c1'")
	checks := audit(t, l, pipeline.Audit{Run: "r", JoinLimit: 0.3, At: time.Now()})
	if c := checks["unique_key unified_interactions"]; c.Status != "fail" || *c.Observed != 1 {
		t.Errorf("%+v, want one doubled key", c)
	}
	if c := checks["unique_key queues"]; c.Status != "pass" {
		t.Errorf("%+v, want a pass", c)
	}
	if c := checks["freshness unified_interactions"]; c.Status != "fail" && c.Severity != "warn" {
		t.Errorf("%+v, want a warning", c)
	}
}

// A night that brought nothing is told, and closes no gate.
func TestAuditOfAnEmptyNight(t *testing.T) {
	l := openAll(t, tempConfig(t))
	contacts(t, l, 10, 0)
	for day, want := range map[string]string{"2026-11-19": "pass", "2026-11-20": "fail", "": "pass"} {
		var got schema.Check
		for _, c := range audit(t, l, pipeline.Audit{Run: "r", Day: day, JoinLimit: 0.3, At: time.Now()}) {
			if c.CheckID == "volume" {
				got = c
			}
		}
		if got.Status != want || got.Severity != "warn" {
			t.Errorf("%q: %+v, want status %s of severity warn", day, got, want)
		}
	}
}

// Before anything was loaded there is nothing to hold against.
func TestAuditOfAnEmptyWarehouse(t *testing.T) {
	l := openAll(t, tempConfig(t))
	for id, c := range audit(t, l, pipeline.Audit{Run: "r", JoinLimit: 0.3, At: time.Now()}) {
		if c.Status != "pass" {
			t.Errorf("%s: %+v", id, c)
		}
	}
}
