package pipeline_test

import (
	"context"
	"testing"

	"trunkline/pipeline"
	"trunkline/schema"
)

// gatedWarehouse is a warehouse whose one check fails while it is told to.
type gatedWarehouse struct {
	*toyWarehouse
	biased    bool
	published []pipeline.Publication
}

func (w *gatedWarehouse) Audit(context.Context, pipeline.Audit) ([]schema.Check, error) {
	c := schema.Check{CheckID: "join_rate", Severity: pipeline.SeverityGate, Status: pipeline.StatusPass, Message: "too few are known"}
	if w.biased {
		c.Status = pipeline.StatusFail
	}
	return []schema.Check{c}, nil
}

func (w *gatedWarehouse) Publish(_ context.Context, p pipeline.Publication) (pipeline.Published, error) {
	w.published = append(w.published, p)
	return pipeline.Published{Target: "memory"}, nil
}

func newGated(t *testing.T) (*toy, *gatedWarehouse) {
	t.Helper()
	y := newToy(t, fiveUsers()...)
	w := &gatedWarehouse{toyWarehouse: y.warehouse}
	y.flow.Open = func(context.Context) (pipeline.Loader, error) { return w, nil }
	return y, w
}

func TestAClosedGateIsAskedAgain(t *testing.T) {
	y, w := newGated(t)
	w.biased = true
	y.mustFinish(day(1), pipeline.Options{})
	w.biased = false // a waiver, or a better night
	y.mustFinish(day(1), pipeline.Options{})
	if n := len(w.published); n != 2 || w.published[0].GateOpen || !w.published[1].GateOpen {
		t.Errorf("published %+v", w.published)
	}
}

// A run that was stopped between its audit and its publication must not publish by that audit what other runs have loaded since.
func TestPublicationAsksTheGateItself(t *testing.T) {
	y, w := newGated(t)
	r := y.run(day(1), pipeline.Options{})
	err := r.DoAll(t.Context(), func(s pipeline.Step) bool { return s.Stage != pipeline.StagePublish }, func(pipeline.Step, pipeline.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	w.biased = true
	result, err := r.Do(t.Context(), pipeline.StagePublish)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.published) != 1 || w.published[0].GateOpen || w.published[0].Reason == "" || result.Manifest.Gate.Open {
		t.Errorf("published %+v", w.published)
	}
}
