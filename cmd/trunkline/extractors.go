package main

import (
	"context"

	"trunkline/pipeline"
)

// extractors gives every source there is, by name; nil where the configuration has no section for it. Making one connects
// to nothing.
func extractors(c *Config, intraday bool) map[string]func() (pipeline.Extractor, error) {
	return map[string]func() (pipeline.Extractor, error){}
}

// sourceCheck is how doctor tries a source.
type sourceCheck struct {
	name, url string
	check     func(context.Context) []finding
}

func sourceChecks(c *Config) []sourceCheck { return nil }
