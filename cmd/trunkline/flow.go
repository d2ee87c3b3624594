package main

import (
	"context"
	"maps"
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

// followsCRM is how old rows may be that follow the CRM's changes, unless told.
const followsCRM = 30 * 24 * time.Hour

// flow makes of a configuration what the pipeline runs.
func (c *Config) flow(intraday bool) (*pipeline.Flow, error) {
	f := &pipeline.Flow{
		Name: flowNightly, Version: buildVersion(), Location: c.Organisation.location,
		Sources: map[string]pipeline.Extractor{}, Transforms: transforms(c, intraday), Open: c.openWarehouse, Audit: c.audit(),
	}
	switch {
	case intraday: // rows of earlier days are the nights' to change: an intraday run knows its own half-finished
		f.Name = flowIntraday
	case c.Salesforce != nil:
		f.Reenrich = time.Duration(c.Salesforce.Follow)
	}
	for _, x := range extractors() {
		if !x.configured(c) {
			continue
		}
		made, err := x.make(c, intraday)
		if err != nil {
			return nil, err
		}
		f.Sources[x.name] = made
	}
	return f, nil
}

// steps gives the graph of a flow's steps.
func (c *Config) steps(intraday bool) ([]pipeline.Step, error) {
	f, err := c.flow(intraday)
	if err != nil {
		return nil, err
	}
	return f.Steps()
}

// within gives those steps that build on the named sources and no other; all of them if none is named. A step that joins
// sources is left out rather than done with half of what it joins.
func within(f *pipeline.Flow, sources []string) ([]pipeline.Step, error) {
	steps, err := f.Steps()
	if err != nil || len(sources) == 0 {
		return steps, err
	}
	for _, name := range sources {
		if _, ok := f.Sources[name]; !ok {
			return nil, misuse("Add its section to the configuration, or leave --sources away",
				"--sources: %s is not configured%s", name, suggestion(name, slices.Sorted(maps.Keys(f.Sources))))
		}
	}
	inside := map[string]bool{}
	return slices.DeleteFunc(steps, func(s pipeline.Step) bool {
		source, _, _ := strings.Cut(strings.TrimPrefix(s.Name, pipeline.StageExtract+"/"), ".")
		inside[s.Name] = slices.Contains(sources, source)
		if s.Stage != pipeline.StageExtract {
			inside[s.Name] = !slices.ContainsFunc(s.Needs, func(need string) bool { return !inside[need] })
		}
		return !inside[s.Name]
	}), nil
}

// absent tells whether each of some named sources is one that trunkline knows and the configuration has not.
func absent(f *pipeline.Flow, sources []string) bool {
	for _, name := range sources {
		_, configured := f.Sources[name]
		if configured || !slices.ContainsFunc(extractors(), func(s source) bool { return s.name == name }) {
			return false
		}
	}
	return len(sources) > 0
}

// openWarehouse connects to the one warehouse that is configured.
func (c *Config) openWarehouse(ctx context.Context) (pipeline.Loader, error) {
	w, err := c.oneWarehouse()
	if err != nil {
		return nil, err
	}
	return w.open(ctx, c)
}

// oneWarehouse gives the one warehouse that is configured.
func (c *Config) oneWarehouse() (warehouse, error) {
	var names, configured []string
	var one warehouse
	for _, w := range loaders() {
		names = append(names, w.name)
		if w.configured(c) {
			configured, one = append(configured, w.name), w
		}
	}
	if len(configured) == 1 {
		return one, nil
	}
	what := "no warehouse is configured"
	if len(configured) > 1 {
		what = "more than one warehouse is configured: " + strings.Join(configured, ", ")
	}
	return one, &pipeline.Error{
		Code: "TL1005", Kind: pipeline.Misuse, What: what,
		Cure: "Give the section warehouse one of: " + strings.Join(names, ", "),
	}
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
	if c.Trusst != nil {
		a.Answers = &pipeline.AnswersAudit{
			PivotKeys: c.Trusst.PivotKeys, UnmatchedLimit: c.Audit.UnmatchedContactsLimit, UnanalysedLimit: c.Audit.UnanalysedLimit,
		}
	}
	if c.Salesforce == nil {
		a.JoinLimit = 1 // there is nothing to join with
	}
	if c.Audit.OnBreach == "warn" {
		a.WaivedUntil, a.WaiverNote = forEver, "audit.on_breach is warn"
	}
	return a
}
