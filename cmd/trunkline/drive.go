package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// scopeFlags say what a command is about: which days, which sources.
type scopeFlags struct {
	period
	sources []string
	again   bool
}

func (f *scopeFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.date, "date", "", "one business day, `YYYY-MM-DD`, in the organisation's time zone")
	flags.StringVar(&f.from, "from", "", "first business `day` of a range")
	flags.StringVar(&f.to, "to", "", "last business `day` of a range, included")
	flags.StringVar(&f.asOf, "as-of", "", "the last business day that had ended at a `time`; for schedulers")
	flags.BoolVar(&f.intraday, "intraday", false, "today so far; its rows are provisional until the nightly run")
	flags.StringSliceVar(&f.sources, "sources", nil, "only steps that build on these sources alone, for example `genesys`")
	flags.BoolVar(&f.again, "again", false, "do steps although they are done")
}

// runFlags are the flags of every command that does steps.
type runFlags struct {
	scopeFlags
	skipEmpty  bool
	ifHas      bool // a source that is not configured is nothing to do
	wait       time.Duration
	resultFile string

	metricsFile, pushGateway string // before those of the configuration

	since Duration // how far back rows follow the CRM, where a command says so
}

func (f *runFlags) register(flags *pflag.FlagSet) {
	f.scopeFlags.register(flags)
	f.registerDoing(flags)
}

// registerDoing registers what is no matter of days and sources.
func (f *runFlags) registerDoing(flags *pflag.FlagSet) {
	flags.BoolVar(&f.skipEmpty, "skip-empty", false, "exit 99 if everything was done already")
	flags.BoolVar(&f.ifHas, "if-configured", false, "exit 99 if none of --sources is configured; for schedulers that know every source")
	f.registerScheduling(flags)
}

// registerScheduling makes the flags that schedulers give to every command that works on the run store.
func (f *runFlags) registerScheduling(flags *pflag.FlagSet) {
	flags.DurationVar(&f.wait, "wait", f.wait, "how long to wait while another run is at work")
	flags.StringVar(&f.resultFile, "result-file", "", "also write the result, as JSON, to a `file`")
	flags.StringVar(&f.metricsFile, "metrics-file", "", "write metrics to a `file` of node_exporter's textfile collector; also telemetry.metrics_file")
	flags.StringVar(&f.pushGateway, "push-gateway", "", "push metrics to the `address` of a Prometheus Pushgateway; also telemetry.push_gateway")
}

// newStepCommand makes a command that does those steps of a period's runs that want chooses.
func newStepCommand(a *app, cmd *cobra.Command, want func(pipeline.Step) bool) *cobra.Command {
	var f runFlags
	cmd.Args = noArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.doSteps(cmd.Context(), f, want) }
	f.register(cmd.Flags())
	a.outputFlag(cmd, "text", "json")
	return cmd
}

// doSteps does steps of every run of a period, oldest first, and tells what came of them. A closed gate or too many rejects
// do not keep the days behind from being done; anything else does.
func (a *app) doSteps(ctx context.Context, f runFlags, want func(pipeline.Step) bool) error {
	c, err := a.complete()
	if err != nil {
		return err
	}
	windows, err := f.windows(a.now(), c.Organisation.location)
	if err != nil {
		return err
	}
	flow, err := c.flow(f.intraday)
	if err != nil {
		return err
	}
	if f.since > 0 {
		flow.Reenrich = time.Duration(f.since)
	}
	if f.ifHas && absent(flow, f.sources) {
		result := &result{Runs: []*outcome{}}
		result.finish(errNothing)
		return errors.Join(errNothing, a.tell(result, f.resultFile))
	}
	steps, err := within(flow, f.sources)
	if err != nil {
		return err
	}
	telemetry, err := c.Telemetry.withFlags(c, f)
	if err != nil {
		return err
	}
	chosen := func(s pipeline.Step) bool { return want(s) && slices.Contains(names(steps), s.Name) }
	store, release, err := a.lockedStore(ctx, c, f.wait)
	if err != nil {
		return err
	}
	result := &result{}
	observers := a.observers(ctx, c, flow, store)
	d := a.newDisplay()
	e := c.engine(flow, store, d, a.now)
	e.again, e.observers = f.again || f.intraday, observers
	for _, w := range windows {
		var o *outcome
		if o, err = e.do(ctx, w, chosen); o != nil {
			result.Runs = append(result.Runs, o)
		}
		if err = signalOr(ctx, err); err != nil {
			break
		}
	}
	d.close()
	observers.close(ctx)
	if err == nil {
		err = result.verdict(f.skipEmpty)
	}
	result.finish(err)
	a.sendMetrics(ctx, c, store, telemetry)
	return errors.Join(err, a.tell(result, f.resultFile), release())
}

// lockedStore opens the run store for this process alone.
func (a *app) lockedStore(ctx context.Context, c *Config, wait time.Duration) (store.Locked, func() error, error) {
	store, err := c.openStore(ctx)
	if err != nil {
		return nil, nil, err
	}
	for deadline := a.now().Add(wait); ; {
		release, err := store.Lock(ctx, thisProcess())
		if err == nil {
			return store, func() error { return errors.Join(release(), store.Close()) }, nil
		}
		if exitCode(err) != exitLocked || !a.now().Before(deadline) {
			return nil, nil, errors.Join(err, store.Close())
		}
		select {
		case <-ctx.Done():
			return nil, nil, errors.Join(ctx.Err(), store.Close())
		case <-time.After(time.Second):
		}
	}
}

// thisProcess tells others who holds a lock.
func thisProcess() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return fmt.Sprintf("%s, process %d", host, os.Getpid())
}

// engine does the steps of runs.
type engine struct {
	flow         *pipeline.Flow
	store        pipeline.Store
	again        bool
	againFor     func(pipeline.Step) bool // the same of some steps
	display      *display
	now          func() time.Time
	holdOnBreach bool // publish nothing while the gate is closed
	rejectLimit  float64
	observers    observers
}

// engine makes the engine that a configuration wants.
func (c *Config) engine(flow *pipeline.Flow, s pipeline.Store, d *display, now func() time.Time) engine {
	return engine{flow: flow, store: s, display: d, now: now, holdOnBreach: c.Audit.OnBreach == "fail", rejectLimit: c.Rejects.Limit}
}

// do does steps of one run. The outcome tells how far it came, also with an error.
func (e *engine) do(ctx context.Context, w pipeline.Window, want func(pipeline.Step) bool) (*outcome, error) {
	var run *pipeline.Run
	run, err := pipeline.NewRun(e.flow, e.store, w, pipeline.Options{
		Around: func(ctx context.Context, s pipeline.Step) (context.Context, func(pipeline.Manifest, error)) {
			return watched(ctx, run, s, e.observers.witnesses)
		},
		Again: e.again, AgainFor: e.againFor, Progress: e.display.show, Log: e.display.log, Now: e.now,
	})
	if err != nil {
		return nil, err
	}
	before, err := e.begin(run, want)
	if err != nil {
		return nil, err
	}
	ctx, ended := e.observers.begin(ctx, run)
	o := newOutcome(run, e.flow.Location, e.rejectLimit)
	err = run.DoAll(ctx, func(s pipeline.Step) bool { return want(s) && s.Stage != pipeline.StagePublish }, o.add)
	held, gateErr := e.held(run, o, want)
	if err = cmp.Or(err, gateErr); err == nil && !held {
		err = run.DoAll(ctx, func(s pipeline.Step) bool { return want(s) && s.Stage == pipeline.StagePublish }, o.add)
	}
	if err == nil {
		err = o.countRecords(e.store)
	}
	o.close(signalOr(ctx, err))
	ended(o)
	return o, errors.Join(err, e.note(o, before))
}

// held tells whether nothing is published because the gate is closed. Where publishing is all that is wanted, as of a scheduler's task,
// it is the audit before that tells.
func (e *engine) held(run *pipeline.Run, o *outcome, want func(pipeline.Step) bool) (bool, error) {
	if !e.holdOnBreach {
		return false, nil
	}
	publishes := slices.ContainsFunc(run.Steps(), func(s pipeline.Step) bool { return want(s) && s.Stage == pipeline.StagePublish })
	if o.Gate == nil && publishes {
		m, err := pipeline.ReadManifest(e.store, run.ID(), pipeline.StageAudit)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		o.Gate = m.Gate
	}
	return o.Gate != nil && !o.Gate.Open, nil
}

// begin notes in the run's folder that it is at work, and gives what was noted there before. Where the first step is going
// to be refused nothing is noted: there is no run.
func (e *engine) begin(run *pipeline.Run, want func(pipeline.Step) bool) (before lastOutcome, err error) {
	if before, err = readLast(e.store, run.ID()); err != nil {
		return before, err
	}
	i := slices.IndexFunc(run.Steps(), want)
	if i < 0 {
		return before, nil
	}
	for _, need := range run.Steps()[i].Needs {
		_, err := pipeline.ReadManifest(e.store, run.ID(), need)
		if errors.Is(err, fs.ErrNotExist) {
			return before, nil
		}
		if err != nil {
			return before, err
		}
	}
	return before, writeLast(e.store, run.ID(), lastOutcome{Status: "running", At: e.now().UTC()})
}

// note leaves what came of the run in its folder, for trunkline status. If nothing was done, what was there before stands.
func (e *engine) note(o *outcome, before lastOutcome) error {
	last := lastOutcome{Status: o.Status, At: e.now().UTC()}
	if o.Status == "nothing" || refused(o) {
		if before.Status == "" {
			return nil
		}
		return writeLast(e.store, o.Run, before)
	}
	if last.Errors = o.Errors; o.err != nil && len(o.Errors) == 0 {
		last.Errors = []stepFailure{{failure: failureOf(o.err)}}
	}
	return writeLast(e.store, o.Run, last)
}

func refused(o *outcome) bool {
	var known *pipeline.Error
	return o.nothing() && errors.As(o.err, &known) && known.Code == "TL2010"
}
