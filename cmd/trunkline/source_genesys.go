package main

import (
	"cmp"
	"context"
	"time"

	"trunkline/extractors/genesys"
	"trunkline/pipeline"
	meaning "trunkline/transforms/genesys"
)

func hasGenesys(c *Config) bool { return c.Genesys != nil }

func genesysURL(c *Config) string { return cmp.Or(c.Genesys.BaseURL, "https://api."+c.Genesys.Region) }

func genesysConfig(c *Config, intraday bool) genesys.Config {
	g := c.Genesys
	return genesys.Config{
		BaseURL: genesysURL(c), ClientID: g.ClientID, ClientSecret: g.ClientSecret,
		RequestsPerMinute: g.RequestsPerMinute, Parallel: g.Parallel,
		Again: g.RereadDays, AvailabilityWait: time.Duration(g.AvailabilityWait),
		Aggregates: g.Aggregates, Intraday: intraday,
	}
}

func newGenesys(c *Config, intraday bool) (pipeline.Extractor, error) {
	return genesys.New(genesysConfig(c, intraday))
}

func checkGenesys(ctx context.Context, c *Config) []finding {
	var out []finding
	for _, f := range genesys.Check(ctx, genesysConfig(c, false)) {
		out = append(out, finding{"genesys", f.Name, f.OK, f.Detail, cureNow(f.Kind, f.Cure), f.Kind})
	}
	return out
}

// genesysMeaning is the transform of the source's records.
func genesysMeaning(c *Config) pipeline.Transform {
	m := meaning.Config{
		AccountKeys: c.Attributes.AccountID, CaseKeys: c.Attributes.CaseID,
		EscalatedKeys: c.Attributes.Escalated, BotHandledKeys: c.Attributes.BotHandled,
	}
	if g := c.Genesys; g != nil {
		m.Again, m.CountIVRAsBot, m.ReleasedOnly = g.RereadDays, g.CountIVRAsBot, g.ReleasedEvaluationsOnly
	}
	return meaning.New(m)
}
