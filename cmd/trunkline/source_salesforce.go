package main

import (
	"context"
	"time"

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
		BulkThreshold: s.BulkAbove,
	}
}

// checkSalesforce logs in and reads what changed in the last minute of each stream, which tries every permission.
func checkSalesforce(ctx context.Context, c *Config) []finding {
	x, err := salesforce.Open(ctx, salesforceConfig(c))
	findings := []finding{of("salesforce", "token", err, "from "+c.Salesforce.LoginURL)}
	if err != nil {
		return findings
	}
	for _, s := range x.Streams() {
		err := x.Extract(ctx, s.Name, pipeline.Window{From: time.Now().Add(-time.Minute)}, func([]pipeline.Record) error { return nil })
		findings = append(findings, of("salesforce", s.Name, err, "allowed"))
	}
	return findings
}

// salesforceMeaning is the transform of the source's records.
func salesforceMeaning(c *Config) pipeline.Transform {
	var m meaning.Config
	if s := c.Salesforce; s != nil {
		m = meaning.Config{TierField: s.Fields.Tier, LTVField: s.Fields.LifetimeValue, CaseCategoryField: s.Fields.CaseCategory}
	}
	return meaning.New(m)
}
