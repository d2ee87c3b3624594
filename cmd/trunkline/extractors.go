package main

import (
	"context"

	"trunkline/pipeline"
)

// source is a kind of source as the command knows it.
type source struct {
	name       string
	configured func(*Config) bool
	make       func(c *Config, intraday bool) (pipeline.Extractor, error) // connects to nothing
	url        func(*Config) string                                       // where its clock can be asked over HTTP; empty is nowhere
	check      func(context.Context, *Config) []finding
}

// extractors is every source there is.
func extractors() []source {
	return []source{
		{"genesys", hasGenesys, newGenesys, genesysURL, checkGenesys},
		{"salesforce", hasSalesforce, newSalesforce, salesforceURL, checkSalesforce},
		{"releases", hasReleases, newReleases, noURL, checkReleases},
		{"trusst", hasTrusst, newTrusst, trusstURL, checkTrusst},
	}
}
