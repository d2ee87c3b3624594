package quality_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/quality"
)

//go:fix inline
var start = time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)

// sound is a row of which everything holds.
func sound(change func(*schema.Interaction)) *schema.Interaction {
	r := &schema.Interaction{
		ConversationID: "c", ConversationStart: start, ConversationEnd: new(start.Add(time.Minute)), DurationMs: new(int64(60_000)),
		HandleTimeMs: new(int64(50_000)), TalkTimeMs: new(int64(30_000)), HoldTimeMs: new(int64(10_000)), AcwTimeMs: new(int64(10_000)),
		TimeSource: "metric", OfferedCount: new(int64(2)), AnsweredCount: new(int64(1)), FlowOutCount: new(int64(1)), AbandonedCount: new(int64(0)),
		OverSlaCount: new(int64(1)), HandledByBotOnly: new(false), AgentCount: new(int64(1)), CrmIDStatus: "ok",
	}
	change(r)
	return r
}

func failed(t *testing.T, rows ...schema.Row) map[string]float64 {
	t.Helper()
	got := map[string]float64{}
	in := pipeline.InMemory(pipeline.Inputs{ObservedAt: start}, nil, map[string][]schema.Row{"unified_interactions": rows})
	err := quality.New().Apply(context.Background(), in, func(rows ...schema.Row) error {
		for _, r := range rows {
			c := r.(*schema.Check)
			if c.Status == pipeline.StatusFail {
				got[c.CheckID] = *c.Observed
			}
			if c.CheckID == "account_ids" && *c.Observed > 0 {
				got[c.Scope] = *c.Observed
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEachRuleIsBrokenByTheRowThatBreaksIt(t *testing.T) {
	for rule, change := range map[string]func(*schema.Interaction){
		"":                             func(*schema.Interaction) {},
		"end_after_start":              func(r *schema.Interaction) { r.ConversationEnd = new(start.Add(-1)) },
		"durations_not_negative":       func(r *schema.Interaction) { r.WaitTimeMs = new(int64(-1)) },
		"handle_time_covers_its_parts": func(r *schema.Interaction) { r.TalkTimeMs = new(int64(30_001)) },
		"offers_are_accounted_for":     func(r *schema.Interaction) { r.AbandonedCount = new(int64(1)) },
		"late_answers_are_answers":     func(r *schema.Interaction) { r.OverSlaCount = new(int64(2)) },
		"a_bot_alone_has_no_agent":     func(r *schema.Interaction) { r.HandledByBotOnly = new(true) },
	} {
		want := map[string]float64{"ok": 1}
		if rule != "" {
			want[rule] = 1
		}
		if diff := cmp.Diff(want, failed(t, sound(change))); diff != "" {
			t.Errorf("%q: %s", rule, diff)
		}
	}
}

func TestWhatIsNotKnownBreaksNoRule(t *testing.T) {
	got := failed(t, &schema.Interaction{ConversationID: "c", ConversationStart: start, IsOpen: true, CrmIDStatus: "missing"})
	if diff := cmp.Diff(map[string]float64{"missing": 1}, got); diff != "" {
		t.Error(diff)
	}
}

func TestVerdictsAreCounted(t *testing.T) {
	rows := []schema.Row{}
	for _, status := range []string{"ok", "merged", "ok", "unknown_account"} {
		rows = append(rows, sound(func(r *schema.Interaction) { r.CrmIDStatus = status }))
	}
	if diff := cmp.Diff(map[string]float64{"ok": 2, "merged": 1, "unknown_account": 1}, failed(t, rows...)); diff != "" {
		t.Error(diff)
	}
}
