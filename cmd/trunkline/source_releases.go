package main

import (
	"context"

	"trunkline/extractors/releases"
	"trunkline/pipeline"
)

func hasReleases(c *Config) bool { return c.Releases != nil }

// noURL is that of a source without a clock.
func noURL(*Config) string { return "" }

func releasesConfig(c *Config) releases.Config { return releases.Config{File: c.abs(c.Releases.File)} }

func newReleases(c *Config, _ bool) (pipeline.Extractor, error) {
	return releases.New(releasesConfig(c)), nil
}

func checkReleases(ctx context.Context, c *Config) []finding {
	return []finding{of("releases", "list", releases.Check(ctx, releasesConfig(c)), "readable")}
}
