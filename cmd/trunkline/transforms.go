package main

import (
	"trunkline/pipeline"
	"trunkline/transforms/kpis"
	"trunkline/transforms/quality"
	"trunkline/transforms/releases"
	"trunkline/transforms/trusst"
	"trunkline/transforms/unify"
)

// transforms gives every transform there is, by name. One whose sources are not configured takes no part in a run.
func transforms(c *Config) map[string]pipeline.Transform {
	k := c.KPIs
	return map[string]pipeline.Transform{
		"genesys":    genesysMeaning(c),
		"salesforce": salesforceMeaning(c),
		"releases":   releases.New(),
		"unify":      unify.New(unify.Config{Back: -1}), // earlier rows follow the CRM in the warehouse: load/reenrich
		"trusst":     trusst.New(),
		"quality":    quality.New(),
		"kpis":       kpis.New(kpis.Config{CountAbandons: k.ServiceLevel.CountAbandons, ShortAbandons: k.ServiceLevel.ShortAbandons, RepeatDays: k.RepeatDays}),
	}
}
