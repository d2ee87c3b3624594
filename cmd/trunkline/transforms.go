package main

import (
	"time"

	"trunkline/pipeline"
	"trunkline/transforms/kpis"
	"trunkline/transforms/quality"
	"trunkline/transforms/releases"
	"trunkline/transforms/trusst"
	"trunkline/transforms/unify"
)

// followsAnswers is how old the rows may be that follow what Trusst learns of their conversations.
const followsAnswers = 30 * 24 * time.Hour

// transforms gives every transform there is, by name. One whose sources are not configured takes no part in a run.
func transforms(c *Config, intraday bool) map[string]pipeline.Transform {
	k := c.KPIs
	// Earlier rows follow the CRM in the warehouse (load/reenrich); the answers that Trusst gives days later they follow here.
	join := unify.Config{Back: -1}
	if c.Trusst != nil && !intraday {
		join.Back = followsAnswers
	}
	return map[string]pipeline.Transform{
		"genesys":    genesysMeaning(c),
		"salesforce": salesforceMeaning(c),
		"releases":   releases.New(),
		"unify":      unify.New(join),
		"trusst":     trusst.New(),
		"quality":    quality.New(),
		"kpis":       kpis.New(kpis.Config{CountAbandons: k.ServiceLevel.CountAbandons, ShortAbandons: k.ServiceLevel.ShortAbandons, RepeatDays: k.RepeatDays}),
	}
}
