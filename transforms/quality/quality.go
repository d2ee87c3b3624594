// Package quality looks over the rows that a run makes, before any warehouse has them: what cannot be true of a conversation,
// and how well conversations and customers were matched. It rejects nothing; its checks warn.
package quality

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Transform makes the checks.
type Transform struct{}

// New makes the transform.
func New() *Transform { return &Transform{} }

// Reads gives the rows of this run.
func (*Transform) Reads() []pipeline.Input {
	return []pipeline.Input{{Kind: schema.UnifiedInteractions.Name}}
}

// Writes gives etl_checks.
func (*Transform) Writes() []*schema.Table { return []*schema.Table{schema.EtlChecks} }

// rule is what must hold of every row.
type rule struct {
	id    string
	says  string // of a row that breaks it
	holds func(*schema.Interaction) bool
}

// rules are the identities of the source's own figures, and plain sense. A figure that is not known breaks none.
var rules = []rule{
	{"end_after_start", "end before they begin", func(r *schema.Interaction) bool {
		return r.ConversationEnd == nil || !r.ConversationEnd.Before(r.ConversationStart)
	}},
	{"durations_not_negative", "have a negative duration", func(r *schema.Interaction) bool {
		for _, ms := range []*int64{
			r.DurationMs, r.HandleTimeMs, r.AcwTimeMs, r.TalkTimeMs, r.HoldTimeMs, r.WaitTimeMs, r.AnswerTimeMs, r.CustomerDurationMs,
		} {
			if ms != nil && *ms < 0 {
				return false
			}
		}
		return true
	}},
	{"handle_time_covers_its_parts", "are handled for less than talk, hold and after-call work together", func(r *schema.Interaction) bool {
		return r.HandleTimeMs == nil || r.IsOpen || r.TimeSource != "metric" ||
			*r.HandleTimeMs >= value(r.TalkTimeMs)+value(r.HoldTimeMs)+value(r.AcwTimeMs)
	}},
	{"offers_are_accounted_for", "were offered to queues more or less often than answered, abandoned and flowed out together", func(r *schema.Interaction) bool {
		return r.OfferedCount == nil || r.IsOpen ||
			*r.OfferedCount == value(r.AnsweredCount)+value(r.AbandonedCount)+value(r.FlowOutCount)
	}},
	{"late_answers_are_answers", "have more late answers than answers", func(r *schema.Interaction) bool {
		return r.OverSlaCount == nil || *r.OverSlaCount <= value(r.AnsweredCount)
	}},
	{"a_bot_alone_has_no_agent", "were handled by a bot alone and by an agent", func(r *schema.Interaction) bool {
		return r.HandledByBotOnly == nil || !*r.HandledByBotOnly || value(r.AgentCount) == 0
	}},
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// Apply counts, over the rows of the run, those that break a rule and those of each verdict on the account id.
func (*Transform) Apply(ctx context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	broken := make([]int64, len(rules))
	example := make([]string, len(rules))
	verdicts := map[string]int64{"ok": 0, "merged": 0, "missing": 0, "malformed": 0, "unknown_account": 0}
	var all, identifiable int64
	for row, err := range pipeline.Rows[*schema.Interaction](in, schema.UnifiedInteractions.Name) {
		if err != nil {
			return err
		}
		all++
		if row.DataSource != "genesys_onpremise" && row.DataSource != "premier_contact_point" { // which no account id can come with
			verdicts[row.CrmIDStatus]++
			identifiable++
		}
		for i := range rules {
			if rules[i].holds(row) {
				continue
			}
			broken[i]++
			if example[i] == "" || row.ConversationID < example[i] {
				example[i] = row.ConversationID
			}
		}
	}
	var rows []schema.Row
	check := func(id, scope string, observed float64, threshold *float64, message string) {
		status := pipeline.StatusPass
		if threshold != nil && observed > *threshold {
			status = pipeline.StatusFail
		}
		rows = append(rows, &schema.Check{
			CheckID: id, Scope: scope, Severity: pipeline.SeverityWarn, Status: status,
			Observed: &observed, Threshold: threshold, Message: message, CheckedAt: in.ObservedAt,
		})
	}
	for i, r := range rules {
		message := fmt.Sprintf("%d of %d rows %s", broken[i], all, r.says)
		if broken[i] > 0 {
			message += ", for example " + example[i]
		}
		check(r.id, schema.UnifiedInteractions.Name, float64(broken[i]), new(float64), message)
	}
	for _, verdict := range slices.Sorted(maps.Keys(verdicts)) {
		n := verdicts[verdict]
		check("account_ids", verdict, float64(n), nil, fmt.Sprintf("%d of %d rows of this run: %s", n, identifiable, verdict))
	}
	if err := emit(rows...); err != nil {
		return err
	}
	return ctx.Err()
}
