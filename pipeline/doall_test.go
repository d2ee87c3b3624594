package pipeline_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

// failing is a source that fails once all of its kind are at work, or, without an error of its own, when it is cancelled.
type failing struct {
	together *sync.WaitGroup
	err      error
}

func (*failing) Streams() []pipeline.Stream { return []pipeline.Stream{{Name: "items", Whole: true}} }

func (f *failing) Extract(ctx context.Context, _ string, _ pipeline.Window, _ func([]pipeline.Record) error) error {
	f.together.Done()
	f.together.Wait()
	if f.err == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	return f.err
}

// TestSourcesThatFailAtOnce: each is told of with its step, and one that was only cancelled is not.
func TestSourcesThatFailAtOnce(t *testing.T) {
	var together sync.WaitGroup
	together.Add(3)
	wrong, down := errors.New("wrong secret"), errors.New("down")
	flow := &pipeline.Flow{Name: "nightly", Sources: map[string]pipeline.Extractor{
		"a": &failing{&together, nil}, "b": &failing{&together, wrong}, "c": &failing{&together, down},
	}}
	run, err := pipeline.NewRun(flow, pipeline.NewLocalStore(t.TempDir()), day(1), pipeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = run.DoAll(t.Context(), func(s pipeline.Step) bool { return s.Stage == pipeline.StageExtract }, func(pipeline.Step, pipeline.Result) {})
	var failed pipeline.StepErrors
	if !errors.As(err, &failed) || !errors.Is(err, wrong) || !errors.Is(err, down) {
		t.Fatal(err)
	}
	var steps []string
	for _, f := range failed {
		steps = append(steps, f.Step)
	}
	if diff := cmp.Diff([]string{"extract/b.items", "extract/c.items"}, steps); diff != "" {
		t.Error(diff)
	}
}
