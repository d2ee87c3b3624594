// Package unify joins conversations with the customers behind them, and with what Trusst found out about them: it makes
// unified_interactions.
//
// The join is made here and nowhere else. A night's conversations are joined with the whole mirrored CRM; then the rows of
// earlier nights are joined again, and those that the CRM or Trusst has changed meanwhile are written once more, so that a
// tier, an owner or a count of answers is today's in every row that is young enough to be looked at. Calls of on-premise
// contact centres are known from Trusst alone; they are rows too.
package unify

import (
	"context"
	"time"

	"github.com/zeebo/xxh3"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Config says how the join is made.
type Config struct {
	// Back is how old the rows may be that follow the CRM's changes; 30 days unless told, none if negative.
	Back time.Duration `yaml:"back"`
}

// Transform is the join.
type Transform struct{ config Config }

// New makes the join.
func New(c Config) *Transform {
	switch {
	case c.Back == 0:
		c.Back = 30 * 24 * time.Hour
	case c.Back < 0:
		c.Back = 0
	}
	return &Transform{c}
}

// Reads gives the facts of this run, the mirrored CRM, Trusst's contacts of this run and earlier ones, and the join's own earlier rows. A run that does not read the CRM joins
// with what the last one knew of it: with nothing, every customer would become unknown.
func (t *Transform) Reads() []pipeline.Input {
	contacts := t.config.Back
	if contacts > 0 {
		contacts = max(contacts, answersBack)
	}
	return []pipeline.Input{
		{Kind: schema.GenesysInteractions.Name},
		{Kind: schema.CrmAccounts.Name, Last: true},
		{Kind: schema.CrmAccountVersions.Name, Last: true},
		{Kind: schema.CrmCases.Name, Last: true},
		{Kind: schema.CrmOpportunities.Name, Last: true},
		{Kind: schema.CrmUsers.Name, Last: true},
		{Kind: schema.TrusstContacts.Name, Back: contacts},
		{Kind: schema.UnifiedInteractions.Name, Back: t.config.Back},
	}
}

// Writes gives unified_interactions.
func (t *Transform) Writes() []*schema.Table { return []*schema.Table{schema.UnifiedInteractions} }

// Apply joins the facts of this run, then the on-premise calls, then the earlier rows that have changed.
func (t *Transform) Apply(ctx context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	crm, err := readCustomers(in)
	if err != nil {
		return err
	}
	trusst, err := readAnswers(in)
	if err != nil {
		return err
	}
	joined := map[[16]byte]struct{}{}
	join := func(row *schema.Interaction) error {
		joined[xxh3.HashString128(row.ConversationID).Bytes()] = struct{}{}
		crm.join(row)
		trusst.join(row)
		return emit(row)
	}
	for fact, err := range pipeline.Rows[*schema.GenesysInteraction](in, schema.GenesysInteractions.Name) {
		if err != nil {
			return err
		}
		if err := join((*schema.Interaction)(fact)); err != nil {
			return err
		}
	}
	if err := trusst.calls(in, join); err != nil {
		return err
	}
	for row, err := range pipeline.Rows[*schema.Interaction](in, schema.UnifiedInteractions.Name) {
		if err != nil {
			return err
		}
		if _, ok := joined[xxh3.HashString128(row.ConversationID).Bytes()]; ok {
			continue
		}
		before := *row
		crm.join(row)
		trusst.join(row)
		if sameCustomer(&before, row) && sameAnswers(&before, row) {
			continue
		}
		if err := emit(row); err != nil {
			return err
		}
	}
	return ctx.Err()
}
