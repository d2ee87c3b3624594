package main

import (
	"trunkline/pipeline"
	"trunkline/transforms/kpis"
	"trunkline/transforms/quality"
	"trunkline/transforms/releases"
	"trunkline/transforms/unify"
)

// transforms gives every transform there is, by name. One whose sources are not configured takes no part in a run.
func transforms(c *Config, intraday bool) map[string]pipeline.Transform {
	var join unify.Config
	if intraday { // rows of earlier days are the nights' to join again: an intraday run knows them half-finished
		join.Back = -1
	}
	k := c.KPIs
	return map[string]pipeline.Transform{
		"genesys":    genesysMeaning(c),
		"salesforce": salesforceMeaning(c),
		"releases":   releases.New(),
		"unify":      unify.New(join),
		"quality":    quality.New(),
		"kpis":       kpis.New(kpis.Config{CountAbandons: k.ServiceLevel.CountAbandons, ShortAbandons: k.ServiceLevel.ShortAbandons, RepeatDays: k.RepeatDays}),
	}
}
