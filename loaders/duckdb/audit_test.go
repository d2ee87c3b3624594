package duckdb

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// What Trusst knows is questioned where it is a source, and only there. Asked again, the answers of before are gone, whatever they
// were about.
func TestAuditOfTrusst(t *testing.T) {
	l := openAll(t, tempConfig(t))
	contacts(t, l, 10, 0)
	l.mustExec(t, `insert into trusst_contacts (contact_id, conversation_id, start_time, is_deleted, source_run, observed_at, row_hash)
select i, 'c' || (i + 9), timestamp '2026-11-19 12:00:00', false, '', timestamp '2026-11-20', '' from range(4) as r(i)`)
	a := pipeline.Audit{Run: "r", JoinLimit: 0.3, At: time.Now()}
	l.mustExec(t, `insert into etl_checks (run_id, check_id, scope, severity, status, message, checked_at)
values ('r', 'a_rule_of_a_transform', 'x', 'warn', 'pass', 'm', timestamp '2026-11-20')`)
	defer func() {
		if rows, err := selectAll(t.Context(), l, "select * from etl_checks where check_id = 'a_rule_of_a_transform'"); err != nil || len(rows) != 1 {
			t.Errorf("a check that was loaded is gone: %v, %v", rows, err)
		}
	}()
	for _, c := range audit(t, l, a) {
		if strings.HasPrefix(c.CheckID, "trusst_") {
			t.Errorf("%s is made where Trusst is no source", c.CheckID)
		}
	}
	for _, test := range []struct {
		answers pipeline.AnswersAudit
		want    []string
	}{
		{pipeline.AnswersAudit{PivotKeys: []string{"topic", "it's"}, UnmatchedLimit: 0.75, UnanalysedLimit: 0.89}, []string{
			"30 days to 2026-11-19: pass Contacts of Trusst without a conversation: 75.0 %, limit 75.0 %",
			"30 days to 2026-11-19: fail Conversations without a contact of Trusst: 90.0 %, limit 89.0 %",
			"trusst.pivot_keys: it's, topic: fail Pivoted question keys that are not those of exactly one universal question: 2 keys, limit 0 keys",
		}},
		{pipeline.AnswersAudit{UnmatchedLimit: 0.74, UnanalysedLimit: 1}, []string{
			"30 days to 2026-11-19: fail Contacts of Trusst without a conversation: 75.0 %, limit 74.0 %",
			"30 days to 2026-11-19: pass Conversations without a contact of Trusst: 90.0 %, limit 100.0 %",
			"trusst.pivot_keys: pass Pivoted question keys that are not those of exactly one universal question: 0 keys, limit 0 keys",
		}},
	} {
		a.Answers = &test.answers
		audit(t, l, a)
		rows, err := selectAll(t.Context(), l, "select * from etl_checks where check_id like 'trusst_%' order by check_id")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rows {
			if r["severity"] != "warn" {
				t.Errorf("%v is of severity %v", r["check_id"], r["severity"])
			}
			got = append(got, fmt.Sprintf("%v: %v %v", r["scope"], r["status"], r["message"]))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Error(diff)
		}
	}
}
