// Package salesforce says what Salesforce's records mean: it keeps the mirror of accounts, their history, cases, opportunities and users.
//
// Each table that it writes is the whole mirrored state: what the newest earlier run had, with tonight's changes put over it.
package salesforce

import (
	"context"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Config names the fields that differ from organisation to organisation.
type Config struct {
	TierField         string `yaml:"tier_field"`          // of Account: Account_Tier__c
	LTVField          string `yaml:"ltv_field"`           // of Account: Customer_LTV_USD__c
	CaseCategoryField string `yaml:"case_category_field"` // of Case: Type
}

// Transform keeps the mirror.
type Transform struct{ config Config }

// New makes the transform; an empty name is the default.
func New(c Config) *Transform {
	for name, standard := range map[*string]string{
		&c.TierField: "Account_Tier__c", &c.LTVField: "Customer_LTV_USD__c", &c.CaseCategoryField: "Type",
	} {
		if *name == "" {
			*name = standard
		}
	}
	return &Transform{c}
}

// The streams.
const (
	accounts       = "accounts"
	accountHistory = "account_history"
	cases          = "cases"
	opportunities  = "opportunities"
	users          = "users"
)

// Reads gives tonight's records and the mirror of the newest earlier run.
func (*Transform) Reads() []pipeline.Input {
	var in []pipeline.Input
	for _, stream := range []string{accounts, accountHistory, cases, opportunities, users} {
		in = append(in, pipeline.Input{Kind: kind(stream)})
	}
	for _, t := range mirrored() {
		in = append(in, pipeline.Input{Kind: t.Name, Last: true})
	}
	return in
}

func kind(stream string) string { return "salesforce." + stream }

func mirrored() []*schema.Table {
	return []*schema.Table{
		schema.CrmAccounts, schema.CrmAccountVersions, schema.CrmAccountHistory, schema.CrmCases, schema.CrmOpportunities,
		schema.CrmUsers,
	}
}

// Writes gives the mirror and the rejects.
func (*Transform) Writes() []*schema.Table { return append(mirrored(), schema.EtlRejects) }

// Apply puts tonight's records over the mirror.
func (t *Transform) Apply(ctx context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	m := &mirror{in: in, emit: emit}
	if err := m.keepAccounts(t.config); err != nil {
		return err
	}
	if err := keep(m, caseObject(t.config)); err != nil {
		return err
	}
	if err := keep(m, opportunityObject()); err != nil {
		return err
	}
	if err := keep(m, userObject()); err != nil {
		return err
	}
	return ctx.Err()
}
