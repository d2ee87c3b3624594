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
}

// loaders is every warehouse there is.
func loaders() []warehouse {
	return []warehouse{
		{"duckdb", hasDuckDB, openDuckDB, askDuckDB},
		{"postgres", hasPostgres, openPostgres, askPostgres},
		{"redshift", hasRedshift, openRedshift, askRedshift},
	}
}
