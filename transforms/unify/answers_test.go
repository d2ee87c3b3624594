package unify_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/schema"
)

const (
	tonight = "nightly/2026-11-10T00-00-00Z"
	before  = "nightly/2026-11-09T00-00-00Z"
)

// analysed is a contact of a conversation, completed, with 5 questions of which 4 are answered.
func analysed(id, conversation, run string) *schema.TrusstContact {
	return &schema.TrusstContact{
		ContactID: id, ConversationID: &conversation, Stage: new("COMPLETED"), StreamType: new("GenesysCloud"), SourceRun: run,
		QuestionCount: new(int64(5)), AnsweredQuestionCount: new(int64(4)), EffectiveAt: new(start),
	}
}

// onPremise is the contact of a call that Genesys Cloud knows nothing of.
func onPremise(id, conversation, run string) *schema.TrusstContact {
	c := analysed(id, conversation, run)
	c.StreamType, c.CallTime, c.AgentID = new("PremierContactPoint"), new(start.Add(-time.Hour)), new("agent_john")
	return c
}

func counts(r *schema.Interaction) string {
	if r == nil {
		return "no row"
	}
	if r.QuestionCount == nil || r.AnsweredQuestionCount == nil {
		return "unknown"
	}
	return fmt.Sprintf("%d of %d", *r.AnsweredQuestionCount, *r.QuestionCount)
}

// A contact reaches its conversation whichever of the two is read first, and so does the news that it is gone.
func TestAContactReachesItsConversation(t *testing.T) {
	earlier := func(question *int64) []schema.Row {
		return []schema.Row{&schema.Interaction{ConversationID: "c", ConversationStart: start, CrmIDStatus: "missing", QuestionCount: question, AnsweredQuestionCount: question}}
	}
	unfinished, gone := analysed("t", "c", tonight), analysed("t", "c", tonight)
	unfinished.Stage, gone.IsDeleted = new("INFERENCE"), true
	for name, c := range map[string]struct {
		facts, earlier []schema.Row
		contact        *schema.TrusstContact
		want           string
	}{
		"in the same night":              {[]schema.Row{fact("c", "")}, nil, analysed("t", "c", tonight), "4 of 5"},
		"contact nights before":          {[]schema.Row{fact("c", "")}, nil, analysed("t", "c", before), "4 of 5"},
		"contact nights after":           {nil, earlier(nil), analysed("t", "c", tonight), "4 of 5"},
		"read again, contact nights ago": {[]schema.Row{fact("c", "")}, earlier(new(int64(5))), analysed("t", "c", before), "4 of 5"},
		"nothing new":                    {nil, []schema.Row{&schema.Interaction{ConversationID: "c", CrmIDStatus: "missing", QuestionCount: new(int64(5)), AnsweredQuestionCount: new(int64(4))}}, analysed("t", "c", before), "no row"},
		"not completed":                  {[]schema.Row{fact("c", "")}, nil, unfinished, "unknown"},
		"completed before, now no more":  {nil, earlier(new(int64(5))), unfinished, "unknown"},
		"vanished":                       {nil, earlier(new(int64(5))), gone, "unknown"},
		"of another conversation":        {[]schema.Row{fact("c", "")}, nil, analysed("t", "d", tonight), "unknown"},
		"without one, and never had any": {nil, earlier(nil), analysed("t", "d", tonight), "no row"},
	} {
		t.Run(name, func(t *testing.T) {
			got := apply(t, map[string][]schema.Row{
				"genesys_interactions": c.facts, "unified_interactions": c.earlier, "trusst_contacts": {c.contact},
			})
			if is := counts(got["c"]); is != c.want {
				t.Errorf("%s, want %s", is, c.want)
			}
		})
	}
}

// Of several contacts of a conversation the latest completed one counts, in whatever order they come.
func TestOneContactCounts(t *testing.T) {
	make := func(id, stage string, answered int64, at *time.Time) schema.Row {
		c := analysed(id, "c", tonight)
		c.Stage, c.AnsweredQuestionCount, c.EffectiveAt = &stage, &answered, at
		return c
	}
	rows := []schema.Row{
		make("a", "COMPLETED", 1, new(start)),
		make("b", "INFERENCE", 2, new(start.Add(time.Hour))),
		make("d", "COMPLETED", 3, new(start.Add(time.Minute))),
		make("e", "COMPLETED", 0, nil),
		make("c", "COMPLETED", 5, new(start.Add(time.Minute))),
	}
	for range rows {
		rows = append(rows[1:], rows[0])
		got := apply(t, map[string][]schema.Row{"genesys_interactions": {fact("c", "")}, "trusst_contacts": rows})
		if is := counts(got["c"]); is != "3 of 5" {
			t.Errorf("%s, want 3 of 5", is)
		}
	}
}

func TestAnOnPremiseCallIsARow(t *testing.T) {
	unfinished := onPremise("u", "onprem:s:2", tonight)
	unfinished.Stage, unfinished.CallTime, unfinished.StartTime, unfinished.Direction = new("INFERENCE"), nil, new(start), new("OUTBOUND")
	got := apply(t, map[string][]schema.Row{"trusst_contacts": {
		onPremise("t", "onprem:s:1", tonight), unfinished, onPremise("v", "onprem:s:3", before), analysed("w", "cloud", tonight),
	}})
	if len(got) != 2 {
		t.Errorf("%d rows, want those of the two on-premise calls that tonight brought", len(got))
	}
	want := &schema.Interaction{
		ConversationID: "onprem:s:1", ConversationStart: start.Add(-time.Hour), DataSource: "premier_contact_point", BusinessDate: "2026-11-10",
		CrmIDStatus: "missing", TimeSource: "none", WasEscalatedSource: "none", Finality: "provisional",
		QuestionCount: new(int64(5)), AnsweredQuestionCount: new(int64(4)),
	}
	if diff := cmp.Diff(want, got["onprem:s:1"]); diff != "" {
		t.Error(diff)
	}
	if r := got["onprem:s:2"]; counts(r) != "unknown" || *r.Direction != "outbound" || !r.ConversationStart.Equal(start) {
		t.Errorf("a call whose contact is not completed: %+v", r)
	}
}
