package main

import (
	"context"

	"trunkline/extractors/salesforce"
	"trunkline/pipeline"
	meaning "trunkline/transforms/salesforce"
)

func hasSalesforce(c *Config) bool { return c.Salesforce != nil }

func salesforceURL(c *Config) string { return c.Salesforce.LoginURL }

func newSalesforce(c *Config, _ bool) (pipeline.Extractor, error) {
	return salesforce.New(salesforceConfig(c))
}

func salesforceConfig(c *Config) salesforce.Config {
	s := c.Salesforce
	return salesforce.Config{
		URL: s.LoginURL, ClientID: s.ClientID, ClientSecret: s.ClientSecret, APIVersion: s.APIVersion,
		TierField: s.Fields.Tier, LTVField: s.Fields.LifetimeValue, CaseCategoryField: s.Fields.CaseCategory,
		BulkThreshold: s.BulkAbove, WithoutHistory: !s.AccountHistory,
	}
}

func checkSalesforce(ctx context.Context, c *Config) []finding {
	var out []finding
	for _, p := range salesforce.Check(ctx, salesforceConfig(c)) {
		out = append(out, of("salesforce", p.Name, p.Err, "allowed"))
	}
	return out
}

// salesforceMeaning is the transform of the source's records.
func salesforceMeaning(c *Config) pipeline.Transform {
	var m meaning.Config
	if s := c.Salesforce; s != nil {
		m = meaning.Config{TierField: s.Fields.Tier, LTVField: s.Fields.LifetimeValue, CaseCategoryField: s.Fields.CaseCategory}
	}
	return meaning.New(m)
}
