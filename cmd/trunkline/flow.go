package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"trunkline/pipeline"
)

// The flows. A run's id begins with its flow's name.
const (
	flowNightly  = "nightly"
	flowIntraday = "intraday"
)

// flow makes of a configuration what the pipeline runs. With sources, only those take part.
func (c *Config) flow(only []string, intraday bool) (*pipeline.Flow, error) {
	f := &pipeline.Flow{
		Name: flowNightly, Version: buildVersion(), Location: c.Organisation.location,
		Sources: map[string]pipeline.Extractor{}, Transforms: transforms(c), Audit: c.audit(),
	}
	if intraday {
		f.Name = flowIntraday
	}
	var configured []string
	for _, x := range extractors() {
		if x.configured(c) {
			configured = append(configured, x.name)
		}
	}
	for _, name := range only {
		if !slices.Contains(configured, name) {
			return nil, misuse("Add its section to the configuration, or leave --sources away",
				"--sources: %s is not configured%s", name, suggestion(name, configured))
		}
	}
	for _, x := range extractors() {
		if !slices.Contains(configured, x.name) || len(only) > 0 && !slices.Contains(only, x.name) {
			continue
		}
		made, err := x.make(c, intraday)
		if err != nil {
			return nil, err
		}
		f.Sources[x.name] = made
	}
	f.Open = c.openWarehouse
	return f, nil
}

// steps gives the graph of a flow's steps.
func (c *Config) steps(only []string, intraday bool) ([]pipeline.Step, error) {
	f, err := c.flow(only, intraday)
	if err != nil {
		return nil, err
	}
	return f.Steps()
}

// openWarehouse connects to the one warehouse that is configured.
func (c *Config) openWarehouse(ctx context.Context) (pipeline.Loader, error) {
	var names, configured []string
	var open func(context.Context, *Config) (pipeline.Loader, error)
	for _, w := range loaders() {
		names = append(names, w.name)
		if w.configured(c) {
			configured, open = append(configured, w.name), w.open
		}
	}
	if len(configured) != 1 {
		what := "no warehouse is configured"
		if len(configured) > 1 {
			what = "more than one warehouse is configured: " + strings.Join(configured, ", ")
		}
		return nil, &pipeline.Error{
			Code: "TL1005", Kind: pipeline.Misuse, What: what,
			Cure: "Give the section warehouse one of: " + strings.Join(names, ", "),
		}
	}
	return open(ctx, c)
}

// forEver is how long a breach is waived that the configuration does not want to be a gate.
var forEver = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// audit gives the limits of the audit.
func (c *Config) audit() pipeline.Audit {
	a := pipeline.Audit{JoinLimit: c.Audit.JoinLimit}
	if b := c.Audit.AcceptBias; b != nil {
		a.WaivedUntil = b.Until.Add(1).Start(c.Organisation.location)
		a.WaiverNote = b.Reason + " (" + b.By + ", until " + b.Until.String() + ")"
	}
	if c.Audit.OnBreach == "warn" {
		a.WaivedUntil, a.WaiverNote = forEver, "audit.on_breach is warn"
	}
	return a
}
