package main

import (
	"context"

	"trunkline/loaders/postgres"
	shared "trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

func hasPostgres(c *Config) bool { return c.Warehouse.Postgres != nil }

func postgresConfig(c *Config) postgres.Config {
	p := c.Warehouse.Postgres
	return postgres.Config{
		Host: p.Host, Port: p.Port, Database: p.Database, User: p.User, Password: p.Password, Schema: p.Schema,
		Plain: !p.TLS, CAFile: c.abs(p.CAFile), ServerName: p.TLSServerName, Roles: p.Roles,
	}
}

func openPostgres(ctx context.Context, c *Config) (pipeline.Loader, error) {
	l, err := postgres.Open(ctx, postgresConfig(c), thisProcess())
	if err != nil { // not a nil *Loader in an interface
		return nil, err
	}
	return l, nil
}

func askPostgres(ctx context.Context, c *Config, query string, to shared.Answer) error {
	return postgres.Query(ctx, postgresConfig(c), query, to)
}

func planPostgres(ctx context.Context, c *Config, b pipeline.Batch) (shared.Planned, error) {
	return postgres.Plan(ctx, postgresConfig(c), b)
}

func examinePostgres(ctx context.Context, c *Config) []shared.Finding {
	return postgres.Examine(ctx, postgresConfig(c))
}

func grantsPostgres(c *Config) []string { return postgres.Grants(postgresConfig(c)) }
