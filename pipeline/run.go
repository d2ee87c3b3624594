package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"slices"
	"time"
)

// Run is one window's journey. Its methods are not for concurrent use, but different steps of one run may be done by
// different processes, one after the other or, where neither needs the other, at once.
type Run struct {
	flow   *Flow
	store  Store
	window Window
	id     string
	steps  []Step
	opts   Options
}

// Options are what a caller may choose of a run. The zero value is a plain run.
type Options struct {
	Again    bool            // do a step although it is done
	AgainFor func(Step) bool // the same of some steps; nil: of none
	// Around is told of a step that is about to be done, in whose context it is done, and gives what is told of its end; nil: nobody is.
	// It must be quick and safe for concurrent use.
	Around   func(context.Context, Step) (context.Context, func(Manifest, error))
	Progress func(Progress)   // told how far a step is; must be quick and safe for concurrent use
	Log      *slog.Logger     // one INFO line a finished step
	Now      func() time.Time // the clock
}

// Progress tells how far a step is.
type Progress struct {
	Step  string
	Unit  string // records, rows, tables
	Done  int64
	Total int64 // 0: not known
	Ended bool
}

// Result is what came of doing a step.
type Result struct {
	Manifest Manifest
	Already  bool // it was done before, and nothing that it reads has changed since
}

// NewRun makes the flow's run over a window. It reads and writes nothing yet.
func NewRun(f *Flow, s Store, w Window, o Options) (*Run, error) {
	steps, err := f.Steps()
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Around == nil {
		o.Around = func(ctx context.Context, _ Step) (context.Context, func(Manifest, error)) {
			return ctx, func(Manifest, error) {}
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if f.Location == nil {
		f.Location = time.UTC
	}
	return &Run{flow: f, store: s, window: Window{w.From.UTC(), w.To.UTC()}, id: f.RunID(w), steps: steps, opts: o}, nil
}

// ID gives the run's id.
func (r *Run) ID() string { return r.id }

// Window gives the run's window.
func (r *Run) Window() Window { return r.window }

// Steps gives the run's steps in an order in which they can be done.
func (r *Run) Steps() []Step { return r.steps }

// Do does one step. Its needs must be done. A step that is done, from inputs that are the same still, is not done again.
func (r *Run) Do(ctx context.Context, name string) (Result, error) {
	i := slices.IndexFunc(r.steps, func(s Step) bool { return s.Name == name })
	if i < 0 {
		return Result{}, &Error{
			Code: "TL1012", Kind: Misuse, What: "there is no step " + name,
			Cure: "trunkline steps lists them",
		}
	}
	step := r.steps[i]
	inputs, err := r.inputsOf(step)
	if err != nil {
		return Result{}, err
	}
	again := r.opts.Again || r.opts.AgainFor != nil && r.opts.AgainFor(step)
	old, err := ReadManifest(r.store, r.id, name)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !again:
		return Result{}, err
	case err == nil && !again && slices.Equal(old.Inputs, inputs) && (old.Gate == nil || old.Gate.Open):
		r.opts.Progress(Progress{Step: name, Ended: true})
		return Result{Manifest: old, Already: true}, nil
	case err == nil: // from here on the step is not done, until its new manifest says so
		old.Void = true
		if err := writeManifest(r.store, old); err != nil {
			return Result{}, err
		}
	}
	stepCtx, ended := r.opts.Around(ctx, step)
	m, err := r.do(stepCtx, step, inputs)
	ended(m, err)
	if err != nil {
		return Result{}, err
	}
	r.opts.Log.InfoContext(ctx, "step finished", "run", r.id, "step", name, "rows", m.Counters[CountOut], "took", m.Finished.Sub(m.Started).Round(time.Millisecond))
	return Result{Manifest: m}, nil
}

// do does a step and writes its manifest.
func (r *Run) do(ctx context.Context, step Step, inputs []string) (Manifest, error) {
	m := Manifest{
		Run: r.id, Step: step.Name, Window: r.window, Version: r.flow.Version, Inputs: inputs,
		Started: r.opts.Now().UTC(), Counters: map[string]int64{},
	}
	var err error
	switch step.Stage {
	case StageExtract:
		err = r.extract(ctx, step, &m)
	case StageTransform:
		err = r.transform(ctx, step, &m)
	case StageLoad:
		if step.Name == ReenrichStep {
			err = r.reenrich(ctx, &m)
			break
		}
		err = r.load(ctx, step, &m)
	case StageAudit:
		err = r.audit(ctx, &m)
	case StagePublish:
		err = r.publish(ctx, &m)
	}
	if err == nil {
		err = ctx.Err() // a step that was told to stop is not done, even if it got to its end
	}
	if err != nil {
		return m, fmt.Errorf("%s %s: %w", r.id, step.Name, err)
	}
	m.Finished = r.opts.Now().UTC()
	if err := writeManifest(r.store, m); err != nil {
		return m, fmt.Errorf("%s %s: %w", r.id, step.Name, err)
	}
	r.opts.Progress(Progress{Step: step.Name, Ended: true})
	return m, nil
}

// inputsOf gives the hashes of the manifests of the steps that a step needs: what it is built on. One that is not done is an
// error. What a transform reads of other runs does not count: a night that is done stays done when other nights are added.
func (r *Run) inputsOf(step Step) ([]string, error) {
	var hashes []string
	for _, need := range step.Needs {
		hash, m, err := hashedManifest(r.store, r.id, need)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, &Error{
				Code: "TL2010", Kind: Misuse, What: step.Name + " needs " + need + ", which is not done",
				Cure: "Do that step first, or use: trunkline run",
			}
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// manifestName gives the name of a step's manifest in the store.
func manifestName(run, step string) string { return run + "/" + step + "/manifest.json" }

// ReadManifest gives the manifest of a run's step. If the step is not done that is fs.ErrNotExist.
func ReadManifest(s Store, run, step string) (Manifest, error) {
	_, m, err := readManifestText(s, run, step)
	if err == nil && m.Void {
		return m, fmt.Errorf("%s %s is being done again: %w", run, step, fs.ErrNotExist)
	}
	return m, err
}

func readManifestText(s Store, run, step string) ([]byte, Manifest, error) {
	var m Manifest
	text, err := ReadFile(s, manifestName(run, step))
	if err != nil {
		return nil, m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, m, &Error{
			Code: "TL2011", Kind: Failure, What: "read " + manifestName(run, step), Err: err,
			Cure: "The file is damaged; do the step with --again",
		}
	}
	return text, m, nil
}

func writeManifest(s Store, m Manifest) error {
	return writeJSON(s, manifestName(m.Run, m.Step), m)
}

func writeJSON(s Store, name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return WriteFile(s, name, append(text, '\n'))
}

// WriteFile writes a small file of a store, whole or not at all.
func WriteFile(s Store, name string, text []byte) error {
	w, err := s.Create(name)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), w.Abort())
	}
	return w.Close()
}

// ReadFile reads a small file of a store. One that is not there is fs.ErrNotExist.
func ReadFile(s Store, name string) ([]byte, error) {
	f, err := s.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return text, nil
}

// Runs gives the ids of a flow's runs, oldest window first.
func Runs(s Store, flow string) ([]string, error) {
	names, err := s.List(flow)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, name := range names {
		if id := flow + "/" + name; isRunID(id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func isRunID(id string) bool {
	_, _, err := ParseRunID(id)
	return err == nil
}

// earlier gives the flow's runs whose windows began before this one's, newest first.
func (r *Run) earlier() ([]string, error) {
	ids, err := Runs(r.store, r.flow.Name)
	if err != nil {
		return nil, err
	}
	i, _ := slices.BinarySearch(ids, r.id)
	ids = ids[:i]
	slices.Reverse(ids)
	return ids, nil
}
