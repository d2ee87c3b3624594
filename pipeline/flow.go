package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"trunkline/schema"
)

// Flow is what a configuration makes of trunkline: which sources, which transforms, which warehouse.
type Flow struct {
	Name       string               // part of every run's id: nightly
	Version    string               // of trunkline
	Location   *time.Location       // the organisation's time zone
	Sources    map[string]Extractor // by name: genesys
	Transforms map[string]Transform // by name: unify
	// Open connects to the warehouse; it is called by the steps that need it.
	Open func(context.Context) (Loader, error)
	// Reenrich is how much older than the run's window rows may be that follow the CRM's changes in the warehouse; 0: none do.
	Reenrich time.Duration
	// Audit holds the audit's limits; run, window and time are filled in.
	Audit Audit
}

// Step is one step of a run and the steps that must be done before it.
type Step struct {
	Name  string   `json:"name"`
	Stage string   `json:"stage"` // extract, transform, load, audit or publish
	Needs []string `json:"needs"`
}

// The stages, in their order.
const (
	StageExtract   = "extract"
	StageTransform = "transform"
	StageLoad      = "load"
	StageAudit     = "audit"
	StagePublish   = "publish"
)

// LoadStep is the name of the step that merges a run's tables into the warehouse.
const LoadStep = StageLoad + "/warehouse"

// ReenrichStep is the name of the step that lets earlier rows follow the CRM.
const ReenrichStep = StageLoad + "/reenrich"

// Stages gives the stages in their order.
func Stages() []string {
	return []string{StageExtract, StageTransform, StageLoad, StageAudit, StagePublish}
}

// Steps gives the flow's steps in an order in which they can be done. A transform takes part if at least one of the streams
// or tables that it reads is made in this flow.
func (f *Flow) Steps() ([]Step, error) {
	var steps []Step
	makers := map[string][]string{} // kind → steps that make it
	for _, source := range slices.Sorted(maps.Keys(f.Sources)) {
		for _, s := range f.Sources[source].Streams() {
			name := StageExtract + "/" + source + "." + s.Name
			steps = append(steps, Step{Name: name, Stage: StageExtract, Needs: []string{}})
			makers[s.kind(source)] = append(makers[s.kind(source)], name)
		}
	}
	transforms, err := f.orderTransforms(makers)
	if err != nil {
		return nil, err
	}
	steps = append(steps, transforms...)
	if len(steps) == 0 {
		return nil, &Error{
			Code: "TL1010", Kind: Misuse, What: "no source is configured",
			Cure: "Add a genesys, salesforce or trusst section to the configuration",
		}
	}
	load := Step{Name: LoadStep, Stage: StageLoad, Needs: []string{}}
	for _, s := range transforms {
		load.Needs = append(load.Needs, s.Name)
	}
	steps = append(steps, load)
	loaded := []string{LoadStep}
	if f.Reenrich > 0 {
		steps = append(steps, Step{Name: ReenrichStep, Stage: StageLoad, Needs: []string{LoadStep}})
		loaded = append(loaded, ReenrichStep)
	}
	return append(steps,
		Step{Name: StageAudit, Stage: StageAudit, Needs: loaded},
		Step{Name: StagePublish, Stage: StagePublish, Needs: []string{StageAudit}}), nil
}

// orderTransforms gives the transforms that take part, each after the ones whose tables it reads. makers is completed with
// the tables they make.
func (f *Flow) orderTransforms(makers map[string][]string) ([]Step, error) {
	waiting := map[string]Transform{}
	for name, t := range f.Transforms {
		if f.takesPart(t, map[string]bool{}) {
			waiting[name] = t
		}
	}
	var steps []Step
	for len(waiting) > 0 {
		ready := f.ready(waiting)
		if len(ready) == 0 {
			return nil, &Error{
				Code: "TL1011", Kind: Misuse,
				What: "transforms read each other's tables in a circle: " + strings.Join(slices.Sorted(maps.Keys(waiting)), ", "),
			}
		}
		for _, name := range ready {
			step := Step{Name: StageTransform + "/" + name, Stage: StageTransform, Needs: []string{}}
			for _, in := range waiting[name].Reads() {
				if !writes(waiting[name], in.Kind) {
					step.Needs = append(step.Needs, makers[in.Kind]...)
				}
			}
			slices.Sort(step.Needs)
			step.Needs = slices.Compact(step.Needs)
			steps = append(steps, step)
		}
		for _, name := range ready {
			for _, t := range waiting[name].Writes() {
				makers[t.Name] = append(makers[t.Name], StageTransform+"/"+name)
			}
			delete(waiting, name)
		}
	}
	return steps, nil
}

// ready gives the transforms that read no table of another that is still waiting.
func (f *Flow) ready(waiting map[string]Transform) []string {
	var ready []string
	for _, name := range slices.Sorted(maps.Keys(waiting)) {
		free := true
		for other, t := range waiting {
			if other == name {
				continue
			}
			for _, in := range waiting[name].Reads() {
				if writes(t, in.Kind) && !writes(waiting[name], in.Kind) {
					free = false
				}
			}
		}
		if free {
			ready = append(ready, name)
		}
	}
	return ready
}

// takesPart tells whether anything that a transform reads comes, at the end, from a configured stream.
func (f *Flow) takesPart(t Transform, seen map[string]bool) bool {
	for _, in := range t.Reads() {
		if source, stream, ok := strings.Cut(in.Kind, "."); ok {
			if _, ok := f.stream(source, stream); ok {
				return true
			}
			continue
		}
		for name, maker := range f.Transforms {
			if !seen[name] && writes(maker, in.Kind) {
				seen[name] = true
				if f.takesPart(maker, seen) {
					return true
				}
			}
		}
	}
	return false
}

// stream finds a stream of a source.
func (f *Flow) stream(source, stream string) (Stream, bool) {
	x, ok := f.Sources[source]
	if !ok {
		return Stream{}, false
	}
	for _, s := range x.Streams() {
		if s.Name == stream {
			return s, true
		}
	}
	return Stream{}, false
}

// kind names the items of a source's stream.
func (s Stream) kind(source string) string { return source + "." + cmp.Or(s.Of, s.Name) }

func writes(t Transform, table string) bool {
	return slices.ContainsFunc(t.Writes(), func(w *schema.Table) bool { return w.Name == table })
}

// RunID gives the id of the flow's run over a window: the same on every retry.
func (f *Flow) RunID(w Window) string { return f.Name + "/" + w.From.UTC().Format(runTime) }

// runTime is how a run's folder tells the begin of its window; it sorts as time does.
const runTime = "2006-01-02T15-04-05Z"

// ParseRunID gives the flow and the begin of the window of a run's id.
func ParseRunID(id string) (flow string, from time.Time, err error) {
	flow, at, ok := strings.Cut(id, "/")
	if ok {
		from, err = time.Parse(runTime, at)
	}
	if !ok || err != nil {
		return "", time.Time{}, fmt.Errorf("%q is no run id: it is flow/2006-01-02T15-04-05Z", id)
	}
	return flow, from, nil
}
