package main

import (
	"context"

	"trunkline/loaders/duckdb"
	shared "trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

func hasDuckDB(c *Config) bool { return c.Warehouse.DuckDB != nil }

func duckdbConfig(c *Config) duckdb.Config {
	d := c.Warehouse.DuckDB
	roles := map[string]string{}
	for name, path := range map[string]string{"supervisor": d.Roles.Supervisor, "finance": d.Roles.Finance} {
		if path != "" {
			roles[name] = c.abs(path)
		}
	}
	return duckdb.Config{Path: c.abs(d.Path), Published: c.abs(d.Published), MemoryLimit: d.MemoryLimit, Roles: roles}
}

func openDuckDB(ctx context.Context, c *Config) (pipeline.Loader, error) {
	l, err := duckdb.Open(ctx, duckdbConfig(c), thisProcess())
	if err != nil { // not a nil *Loader in an interface
		return nil, err
	}
	return l, nil
}

func askDuckDB(ctx context.Context, c *Config, query string, to shared.Answer) error {
	return duckdb.Query(ctx, duckdbConfig(c), query, to)
}

func planDuckDB(ctx context.Context, c *Config, b pipeline.Batch) (shared.Planned, error) {
	return duckdb.Plan(ctx, duckdbConfig(c), b)
}
