package scenario

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func row(date, tier, industry string, t Truth) TruthRow {
	t.BusinessDate = date
	return TruthRow{Truth: t, CustomerTier: text(tier), Industry: text(industry)}
}

func TestViewsCount(t *testing.T) {
	no, yes := new(false), new(true)
	v := views([]TruthRow{
		row("2026-11-20", "SMB", "Retail", Truth{WasEscalated: yes, BotPresent: yes, HandledByBotOnly: no, CrmIDStatus: "ok"}),
		row("2026-11-20", "SMB", "Retail", Truth{WasEscalated: no, BotPresent: yes, HandledByBotOnly: yes, CrmIDStatus: "merged"}),
		row("2026-11-20", "SMB", "", Truth{BotPresent: no, HandledByBotOnly: no, CrmIDStatus: "missing"}),
		row("2026-10-22", "", "", Truth{BotPresent: yes, CrmIDStatus: "malformed"}), // the oldest day of thirty
		row("2026-10-21", "SMB", "Retail", Truth{WasEscalated: yes, BotPresent: yes, HandledByBotOnly: yes, CrmIDStatus: "ok"}),
	}, nil, nil, nil)
	want := []map[string]any{
		{"customer_tier": nil, "total_contacts": int64(1), "known_contacts": int64(0), "escalated_contacts": int64(0), "escalation_rate_pct": nil},
		{"customer_tier": "SMB", "total_contacts": int64(3), "known_contacts": int64(2), "escalated_contacts": int64(1), "escalation_rate_pct": 50.0},
	}
	if diff := cmp.Diff(want, v["escalation_by_tier"]); diff != "" {
		t.Error(diff)
	}
	want = []map[string]any{
		{"industry": nil, "total_contacts": int64(2), "bot_contacts": int64(0), "contained_contacts": int64(0), "containment_rate_pct": nil},
		{"industry": "Retail", "total_contacts": int64(2), "bot_contacts": int64(2), "contained_contacts": int64(1), "containment_rate_pct": 50.0},
	}
	if diff := cmp.Diff(want, v["bot_containment_by_industry"]); diff != "" {
		t.Error(diff)
	}
	if len(v["queue_performance_daily"]) != 0 {
		t.Error("rows without a queue have a queue's performance")
	}
	newest := v["join_quality_daily"][2]
	if newest["total_contacts"] != int64(3) || newest["no_id"] != int64(1) || newest["identified_pct"] != 66.7 || newest["unidentified_pct"] != 33.3 {
		t.Error(newest)
	}
}

func TestQueueFiguresSum(t *testing.T) {
	visit := func(outcome string, wait int64, late any) cells {
		return cells{"queue_id": "q", "outcome": outcome, "wait_time_ms": wait, "short_abandon": outcome == "abandoned", "over_sla": late}
	}
	answered := visit("answered", 2001, true)
	answered["answer_time_ms"] = int64(2001)
	legs := []cells{
		{"queue_id": "q", "answered": true, "handle_count": int64(2), "handle_time_ms": int64(11001), "transfer_count": int64(3)},
		{"queue_id": "q", "answered": true},
		{"queue_id": nil, "answered": false, "handle_count": int64(0), "transfer_count": int64(0)},
	}
	got := heap(queueFigures([]cells{answered, visit("abandoned", 1, nil), visit("unknown", 0, nil)}, legs, "queue_id"), "queue_id")
	for column, want := range map[string]any{
		"offered": int64(3), "settled": int64(2), "unsettled": int64(1), "short_abandoned": int64(1), "abandon_rate_pct": 50.0,
		"service_level_pct": 0.0, "average_speed_of_answer_ms": int64(2001), "average_handle_time_ms": int64(5501), "acw_time_ms": nil,
		"measured_legs": int64(1), "transferred_legs": int64(1), "transfer_rate_pct": 100.0,
	} {
		if v := got["q\x00"][0][column]; v != want {
			t.Errorf("%s is %v, want %v", column, v, want)
		}
	}
	none := got["<nil>\x00"][0]
	if none["offered"] != int64(0) || none["abandon_rate_pct"] != nil || none["average_handle_time_ms"] != nil {
		t.Errorf("what nobody measured is %v", none)
	}
}

func TestBrokenRecordsAreRejects(t *testing.T) {
	c := small()
	c.Shares.Broken = 0.05
	w := New(c)
	at := w.dayStart(9)
	l := w.Ledger(at, at, at)
	kinds := map[string]int{}
	for _, r := range l.Rejects {
		kinds[r.Kind]++
		b := string(w.Conversation(r.ConversationID).AppendJSON(nil, at, true))
		if hasID := strings.Contains(b, `"conversationId"`); hasID == (r.Kind == brokenID) {
			t.Errorf("%s (%s): %s", r.ConversationID, r.Kind, b)
		}
	}
	if len(l.Interactions)+len(l.Rejects) != 900 || len(kinds) != 5 {
		t.Errorf("%d rows, rejects %v", len(l.Interactions), kinds)
	}
}

func TestLedgerIsWrittenAsLinesOfJSON(t *testing.T) {
	c := small()
	c.Shares.Broken = 0.02
	w := New(c)
	at := w.dayStart(2)
	l := w.Ledger(at, at, at)
	var out bytes.Buffer
	n, err := l.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("%d of %d bytes: %v", n, out.Len(), err)
	}
	kinds := map[string]int{}
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		for _, kind := range []string{"conversation", "view", "reject"} {
			if _, ok := m[kind]; ok {
				kinds[kind]++
			}
		}
	}
	cells := 0
	for _, rows := range l.Views {
		cells += len(rows)
	}
	if diff := cmp.Diff(map[string]int{"conversation": len(l.Interactions), "view": cells, "reject": len(l.Rejects)}, kinds); diff != "" {
		t.Error(diff)
	}
	columns := l.Interactions[0].Columns()
	for _, name := range []string{"conversation_id", "handle_time_ms", "crm_account_id", "crm_id_status", "qa_score", "customer_tier_at_contact", "was_escalated_source"} {
		if _, ok := columns[name]; !ok {
			t.Errorf("no column %s in %v", name, columns)
		}
	}
}

// The CRM of a ledger is that of its moment, not of the conversation's.
func TestLedgerFollowsTheCRM(t *testing.T) {
	c := small()
	c.PerDay = 600
	w := New(c)
	lake := w.dayStart(3)
	early, late := w.Ledger(lake, w.dayStart(0), lake), w.Ledger(lake, w.dayStart(40), lake)
	merged, gone, tiers := 0, 0, 0
	for i, a := range early.Interactions {
		b := late.Interactions[i]
		switch {
		case a.CrmIDStatus == "ok" && b.CrmIDStatus == "merged":
			merged++
			if *a.CrmAccountID == *b.CrmAccountID {
				t.Errorf("%s keeps its account after the merge", a.ConversationID)
			}
		case a.CrmIDStatus == "ok" && b.CrmIDStatus == "unknown_account":
			gone++
			if b.CustomerTier != nil || b.OpenCaseCount != nil || *a.CrmAccountID != *b.CrmAccountID {
				t.Errorf("%s: %v", a.ConversationID, b)
			}
		case a.CrmIDStatus != b.CrmIDStatus:
			t.Errorf("%s: %s becomes %s", a.ConversationID, a.CrmIDStatus, b.CrmIDStatus)
		case a.CustomerTier != nil && b.CustomerTier != nil && *a.CustomerTier != *b.CustomerTier:
			tiers++
		}
	}
	if merged == 0 || gone == 0 || tiers == 0 {
		t.Errorf("%d are merged, %d gone, %d of another tier", merged, gone, tiers)
	}
}

func TestTierAtContactIsThatOfTheTime(t *testing.T) {
	account := &Object{ID: "a"}
	noon := time.Date(2026, time.November, 17, 12, 0, 0, 0, time.UTC)
	account.begins(noon.AddDate(0, -3, 0), map[string]any{"Account_Tier__c": "SMB"})
	account.becomes(noon, map[string]any{"Account_Tier__c": "Enterprise"})
	d := &desk{at: noon.AddDate(0, 0, 2), byID: map[string]*Object{"a": account}}
	for _, tc := range []struct {
		start time.Time
		then  string
	}{{noon.Add(-time.Millisecond), "SMB"}, {noon, "Enterprise"}, {noon.Add(time.Hour), "Enterprise"}} {
		row := TruthRow{Truth: Truth{ConversationStart: tc.start, CrmAccountID: new("a"), CrmIDStatus: "ok"}}
		d.knows(&row)
		if *row.CustomerTierAtContact != tc.then || *row.CustomerTier != "Enterprise" {
			t.Errorf("begun %s: %s then, %s now", tc.start, *row.CustomerTierAtContact, *row.CustomerTier)
		}
	}
}

func TestOpenRecordsCountForTheAccountThatIsLeft(t *testing.T) {
	then := time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC)
	record := func(id, account string, fields map[string]any) *Object {
		o := &Object{ID: id}
		fields["AccountId"] = account
		o.begins(then, fields)
		return o
	}
	winner, loser := &Object{ID: "winner"}, &Object{ID: "loser"}
	winner.begins(then, map[string]any{})
	loser.begins(then, map[string]any{})
	v := loser.becomes(then.Add(time.Hour), map[string]any{"IsDeleted": true})
	v.Deleted, v.MasterRecordID = true, "winner"
	gone := record("4", "winner", map[string]any{"IsClosed": false})
	gone.deleted(then.Add(time.Hour))
	records := []*Object{
		record("1", "winner", map[string]any{"IsClosed": false}),
		record("2", "loser", map[string]any{"IsClosed": false}),
		record("3", "winner", map[string]any{"IsClosed": true}),
		gone,
	}
	d := &desk{byID: map[string]*Object{"winner": winner, "loser": loser}}
	for _, tc := range []struct {
		at   time.Time
		want map[string]int64
	}{
		{then, map[string]int64{"winner": 2, "loser": 1}},
		{then.Add(time.Hour), map[string]int64{"winner": 2}},
		{then.Add(-time.Second), map[string]int64{}},
	} {
		d.at = tc.at
		if diff := cmp.Diff(tc.want, d.open(records)); diff != "" {
			t.Errorf("at %s: %s", tc.at, diff)
		}
	}
}
