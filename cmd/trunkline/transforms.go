package main

import (
	"trunkline/pipeline"
	"trunkline/transforms/quality"
	"trunkline/transforms/unify"
)

// transforms gives every transform there is, by name. One whose sources are not configured takes no part in a run.
func transforms(c *Config) map[string]pipeline.Transform {
	return map[string]pipeline.Transform{
		"genesys":    genesysMeaning(c),
		"salesforce": salesforceMeaning(c),
		"unify":      unify.New(unify.Config{Back: -1}), // earlier rows follow the CRM in the warehouse: load/reenrich
		"quality":    quality.New(),
	}
}
