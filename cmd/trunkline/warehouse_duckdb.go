package main

import (
	"context"

	"trunkline/loaders/duckdb"
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
	return duckdb.Open(ctx, duckdbConfig(c), thisProcess())
}
