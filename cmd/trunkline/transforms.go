package main

import (
	"trunkline/pipeline"
	"trunkline/transforms/quality"
	"trunkline/transforms/trusst"
	"trunkline/transforms/unify"
)

// transforms gives every transform there is, by name. One whose sources are not configured takes no part in a run.
func transforms(c *Config, intraday bool) map[string]pipeline.Transform {
	var join unify.Config
	if intraday { // rows of earlier days are the nights' to join again: an intraday run knows them half-finished
		join.Back = -1
	}
	return map[string]pipeline.Transform{
		"genesys":    genesysMeaning(c),
		"salesforce": salesforceMeaning(c),
		"trusst":     trusst.New(),
		"unify":      unify.New(join),
		"quality":    quality.New(),
	}
}
