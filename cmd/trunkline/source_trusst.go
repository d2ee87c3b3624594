package main

import (
	"context"
	"time"

	"trunkline/extractors/trusst"
	"trunkline/pipeline"
)

func hasTrusst(c *Config) bool { return c.Trusst != nil }

// trusstURL is none: it is asked for its clock like for everything else, in SQL.
func trusstURL(*Config) string { return "" }

func newTrusst(c *Config, _ bool) (pipeline.Extractor, error) { return trusst.New(trusstConfig(c)) }

func trusstConfig(c *Config) trusst.Config {
	s := c.Trusst
	t := trusst.Config{
		Host: s.Host, Port: s.Port, Database: s.Database, User: s.User, Password: s.Password,
		Plain: !s.TLS, CAFile: c.abs(s.CAFile), ServerName: s.TLSServerName,
		Overlap: time.Duration(s.Overlap), Reconcile: time.Duration(s.Reconcile), PendingFor: time.Duration(s.Pending),
		StatementTimeout: time.Duration(s.StatementTimeout), Location: s.location, Log: c.log,
	}
	if s.Reconcile == 0 {
		t.Reconcile = -1
	}
	if s.SecretsManager != "" {
		t.Secret = &trusst.AWSSecret{Name: s.SecretsManager, Region: s.SecretsRegion, Endpoint: s.SecretsEndpoint}
	}
	return t
}

func checkTrusst(ctx context.Context, c *Config) []finding {
	var out []finding
	for _, p := range trusst.Check(ctx, trusstConfig(c)) {
		out = append(out, of("trusst", p.Name, p.Err, p.Detail))
	}
	return out
}
