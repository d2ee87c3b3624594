package main

import (
	"context"

	shared "trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

// warehouse is a kind of warehouse as the command knows it.
type warehouse struct {
	name       string
	configured func(*Config) bool
	open       func(context.Context, *Config) (pipeline.Loader, error)
	ask        func(ctx context.Context, c *Config, query string, to shared.Answer) error // what people see; never writes
	plan       func(ctx context.Context, c *Config, b pipeline.Batch) (shared.Planned, error)
	examine    func(ctx context.Context, c *Config) []shared.Finding // beyond that it opens; nil: there is nothing else
	grants     func(c *Config) []string                              // the least that an administrator has to grant; nil: nothing
}

// loaders is every warehouse there is.
func loaders() []warehouse {
	return []warehouse{
		{name: "duckdb", configured: hasDuckDB, open: openDuckDB, ask: askDuckDB, plan: planDuckDB},
		{
			name: "postgres", configured: hasPostgres, open: openPostgres, ask: askPostgres, plan: planPostgres,
			examine: examinePostgres, grants: grantsPostgres,
		},
	}
}
