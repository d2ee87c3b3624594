package main

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
	"trunkline/schema"
)

// retried is what came of a run's rejects that were tried again.
type retried struct {
	Open     int64 `json:"open"`     // before
	Resolved int64 `json:"resolved"` // of those
}

// newRejectsRetry is the command that gives rejected records another chance.
func newRejectsRetry(a *app) *cobra.Command {
	f := runFlags{}
	var key string
	cmd := &cobra.Command{
		Use: "retry [RUN | DAY]", Short: "Try the rejects of a run again, as things are configured now, and land what is good", Args: cobra.MaximumNArgs(1),
		Long: `Try the rejects of a run again, as things are configured now, and land what is good: of the last run unless told.

The records that were kept are transformed once more by the steps that rejected some, and what follows from them is loaded,
audited and published. No source is asked. A reject that is met no longer is marked as resolved, in etl_rejects too. It may be
repeated at any time.`,
		Example: `  trunkline rejects retry
  trunkline rejects retry 2026-11-19
  trunkline rejects retry 2026-11-19 --key 001xx000003DGb0AAG`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.retryRejects(cmd.Context(), f, strings.Join(args, ""), key)
		},
	}
	flags := cmd.Flags()
	f.registerDoing(flags)
	flags.StringVar(&key, "key", "", "only the steps that rejected the record with a `key`; other rejects of theirs are tried with it")
	a.outputFlag(cmd, "text", "json")
	return cmd
}

// retryRejects does the transforms of a run again that rejected something, and what follows from them.
func (a *app) retryRejects(ctx context.Context, f runFlags, id, key string) error {
	c, err := a.complete()
	if err != nil {
		return err
	}
	telemetry, err := c.Telemetry.withFlags(c, f)
	if err != nil {
		return err
	}
	store, release, err := a.lockedStore(ctx, c, f.wait)
	if err != nil {
		return err
	}
	result := &result{}
	err = func() error {
		if id, err = c.rejectsOf(store, id); err != nil {
			return err
		}
		if flowOf(id) != flowNightly {
			return misuse("Run it again: it transforms everything anew each time", "%s is no nightly run", id)
		}
		flow, err := c.flow(false)
		if err != nil {
			return err
		}
		open, err := openRejects(flow, store, id, key)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return nil
		}
		window, err := c.windowOf(store, id)
		if err != nil {
			return err
		}
		observers := a.observers(ctx, c, flow, store)
		defer observers.close(ctx)
		d := a.newDisplay()
		defer d.close()
		e := c.engine(flow, store, d, a.now)
		e.observers = observers
		e.againFor = func(s pipeline.Step) bool { return open[s.Name] > 0 }
		o, err := e.do(ctx, window, func(s pipeline.Step) bool { return s.Stage != pipeline.StageExtract })
		if o != nil {
			result.Runs = append(result.Runs, o)
			o.Retried, err = countRetried(store, o.Run, open, err)
		}
		return signalOr(ctx, err)
	}()
	if err == nil {
		err = result.verdict(f.skipEmpty)
	}
	result.finish(err)
	a.sendMetrics(ctx, c, store, telemetry)
	err = errors.Join(err, a.tell(result, f.resultFile))
	if err == nil && len(result.Runs) == 0 && a.flags.output != "json" {
		a.print("%s has no open rejects\n", id)
	}
	return errors.Join(err, release())
}

// openRejects gives how many open rejects each transform of a run has; with a key only the transforms that rejected that record.
func openRejects(flow *pipeline.Flow, s pipeline.Store, id, key string) (map[string]int64, error) {
	steps, err := flow.Steps()
	if err != nil {
		return nil, err
	}
	open, done := map[string]int64{}, false
	for _, step := range steps {
		if step.Stage != pipeline.StageTransform {
			continue
		}
		m, err := pipeline.ReadManifest(s, id, step.Name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		done = true
		n := m.Counters[pipeline.CountRejected]
		if n > 0 && key != "" {
			met, err := rejects(s, m, key)
			if err != nil {
				return nil, err
			}
			if !met {
				n = 0
			}
		}
		if n > 0 {
			open[step.Name] = n
		}
	}
	switch {
	case !done:
		return nil, misuse("trunkline runs lists them", "there is no run %s that has come as far as to reject anything", id)
	case key != "" && len(open) == 0:
		return nil, misuse("trunkline rejects list "+id+" shows them", "%s has no open reject with key %q", id, key)
	}
	return open, nil
}

// rejects tells whether a step rejected the record with a key.
func rejects(s pipeline.Store, m pipeline.Manifest, key string) (bool, error) {
	for r, err := range pipeline.StepRows[*schema.Reject](s, m) {
		if err != nil || r.NaturalKey == key && r.ResolvedAt == nil {
			return err == nil, err
		}
	}
	return false, nil
}

// countRetried tells what became of rejects; err is what came of the run, which is given on.
func countRetried(s pipeline.Store, id string, before map[string]int64, err error) (*retried, error) {
	if err != nil {
		return nil, err
	}
	r := &retried{}
	for step, n := range before {
		m, err := pipeline.ReadManifest(s, id, step)
		if err != nil {
			return nil, err
		}
		r.Open += n
		r.Resolved += max(0, n-m.Counters[pipeline.CountRejected])
	}
	return r, nil
}

// windowOf gives the window of a run as it was done, so that it is done over the same one again; a business day if nothing tells. A step
// that was being done again when it was killed still tells it.
func (c *Config) windowOf(s pipeline.Store, id string) (pipeline.Window, error) {
	steps := []string{pipeline.LoadStep}
	transforms, err := s.List(id + "/" + pipeline.StageTransform)
	if err != nil {
		return pipeline.Window{}, err
	}
	for _, name := range transforms {
		steps = append(steps, pipeline.StageTransform+"/"+name)
	}
	for _, step := range steps {
		m, err := pipeline.ReadManifest(s, id, step)
		if err == nil || m.Void {
			return m.Window, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return pipeline.Window{}, err
		}
	}
	_, from, err := pipeline.ParseRunID(id)
	return dayWindow(dateOf(from.In(c.Organisation.location)), c.Organisation.location), err
}
