package main

import (
	"context"

	"trunkline/pipeline"
)

// warehouse is a kind of warehouse as the command knows it.
type warehouse struct {
	name       string
	configured func(*Config) bool
	open       func(context.Context, *Config) (pipeline.Loader, error)
}

// loaders is every warehouse there is.
func loaders() []warehouse {
	return []warehouse{
		{"duckdb", hasDuckDB, openDuckDB},
	}
}
