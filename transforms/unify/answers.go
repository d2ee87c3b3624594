package unify

import (
	"strings"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
)

// answersBack is how much older than the run's window the run may be that read a contact: a conversation is read again for
// a month, and its contact may have been read in any night since it began.
const answersBack = 45 * 24 * time.Hour

// provisionalFor is how long the contact of an on-premise call may go on changing: as long as Trusst's reader waits for one
// to be completed.
const provisionalFor = 30 * 24 * time.Hour

// stageCompleted is the stage whose answers count.
const stageCompleted = "COMPLETED"

// answers is what Trusst says of conversations, by conversation. Of several contacts of one conversation one counts.
type answers map[string]*schema.TrusstContact

func readAnswers(in *pipeline.Inputs) (answers, error) {
	all := answers{}
	for c, err := range pipeline.Rows[*schema.TrusstContact](in, schema.TrusstContacts.Name) {
		if err != nil {
			return nil, err
		}
		if c.ConversationID == nil || c.IsDeleted {
			continue
		}
		if kept := all[*c.ConversationID]; kept == nil || better(c, kept) {
			all[*c.ConversationID] = c
		}
	}
	return all, nil
}

// better tells which of two contacts of one conversation counts: one that is completed, then the latest, then that of the
// greater id.
func better(a, b *schema.TrusstContact) bool {
	switch x, y := completed(a), completed(b); {
	case x != y:
		return x
	case same(a.EffectiveAt, b.EffectiveAt) || (a.EffectiveAt != nil && b.EffectiveAt != nil && a.EffectiveAt.Equal(*b.EffectiveAt)):
		return a.ContactID > b.ContactID
	case a.EffectiveAt == nil || b.EffectiveAt == nil:
		return b.EffectiveAt == nil
	default:
		return a.EffectiveAt.After(*b.EffectiveAt)
	}
}

func completed(c *schema.TrusstContact) bool { return c.Stage != nil && *c.Stage == stageCompleted }

// join fills the columns of a row that come from Trusst, whatever they held. They are NULL unless a completed contact is known.
func (a answers) join(row *schema.Interaction) {
	row.QuestionCount, row.AnsweredQuestionCount = nil, nil
	if c := a[row.ConversationID]; c != nil && completed(c) {
		row.QuestionCount, row.AnsweredQuestionCount = c.QuestionCount, c.AnsweredQuestionCount
	}
}

// sameAnswers tells whether two versions of a row agree in every column that join fills.
func sameAnswers(a, b *schema.Interaction) bool {
	return same(a.QuestionCount, b.QuestionCount) && same(a.AnsweredQuestionCount, b.AnsweredQuestionCount)
}

// onPremise gives the contact centre without Genesys Cloud that a contact comes from; empty for others.
func onPremise(c *schema.TrusstContact) string {
	if c.StreamType == nil {
		return ""
	}
	switch *c.StreamType {
	case "GenesysOnPremise":
		return "genesys_onpremise"
	case "PremierContactPoint":
		return "premier_contact_point"
	default:
		return ""
	}
}

// calls gives the rows of the on-premise calls whose contacts this run brought. A call is a row as soon as its recording is
// known, at whatever stage; what only the contact centre could tell of it is NULL, agents too: theirs is another id space.
func (a answers) calls(in *pipeline.Inputs, emit func(*schema.Interaction) error) error {
	for _, c := range a {
		source := onPremise(c)
		start := firstOf(c.CallTime, c.StartTime, c.CreatedAt)
		if source == "" || start == nil || c.SourceRun != in.Run {
			continue
		}
		row := &schema.Interaction{
			ConversationID: *c.ConversationID, ConversationStart: *start, DataSource: source,
			BusinessDate: start.In(in.Location).Format(time.DateOnly), Direction: direction(c), CrmIDStatus: statusMissing,
			TimeSource: "none", WasEscalatedSource: "none", Finality: "provisional",
		}
		if start.Before(in.ObservedAt.Add(-provisionalFor)) {
			row.Finality = "final"
		}
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

func firstOf(times ...*time.Time) *time.Time {
	for _, t := range times {
		if t != nil {
			return t
		}
	}
	return nil
}

// direction gives inbound or outbound, whatever the case; NULL for anything else.
func direction(c *schema.TrusstContact) *string {
	if c.Direction == nil {
		return nil
	}
	switch d := strings.ToLower(strings.TrimSpace(*c.Direction)); d {
	case "inbound", "outbound":
		return &d
	default:
		return nil
	}
}
