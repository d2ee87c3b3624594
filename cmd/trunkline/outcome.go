package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trunkline/pipeline"
)

// result is what a command that does steps has to tell: to stdout with -o json, and to --result-file.
type result struct {
	Status string     `json:"status"` // done, partial, gated, nothing, failed or stopped
	Exit   int        `json:"exit"`
	Runs   []*outcome `json:"runs"`
	Error  *failure   `json:"error,omitempty"`
}

// outcome is what came of one run.
type outcome struct {
	Run       string                     `json:"run"`
	Day       string                     `json:"day"`
	Window    pipeline.Window            `json:"window"`
	Status    string                     `json:"status"`
	Steps     []stepOutcome              `json:"steps"`
	Errors    []stepFailure              `json:"errors,omitempty"`
	Records   int64                      `json:"records"`
	Rejected  int64                      `json:"rejected"`
	Rejects   map[string]streamRejects   `json:"rejects,omitempty"` // by stream
	Retried   *retried                   `json:"retried,omitempty"` // of the rejects that there were, where they were tried again
	Calls     int64                      `json:"calls"`
	Retries   int64                      `json:"retries"`
	Throttled int64                      `json:"throttled_ms"`
	Bytes     int64                      `json:"bytes"`
	Loaded    map[string]pipeline.Loaded `json:"loaded,omitempty"`
	Gate      *pipeline.Gate             `json:"gate,omitempty"`
	Checks    []pipeline.CheckResult     `json:"checks,omitempty"`
	Warnings  []pipeline.Note            `json:"warnings,omitempty"` // what could not be read although the run went on
	Published *pipeline.Published        `json:"published,omitempty"`

	order []pipeline.Step
	limit float64
	err   error
}

// stepOutcome is what came of one step.
type stepOutcome struct {
	Step     string `json:"step"`
	Already  bool   `json:"already,omitempty"`
	Rows     int64  `json:"rows"`
	Rejected int64  `json:"rejected,omitempty"`
	Calls    int64  `json:"calls,omitempty"`
	TookMs   int64  `json:"took_ms"`
}

func newOutcome(run *pipeline.Run, loc *time.Location, limit float64) *outcome {
	return &outcome{
		Run: run.ID(), Window: run.Window(), Day: dateOf(run.Window().From.In(loc)).String(), limit: limit,
		Steps: []stepOutcome{}, order: run.Steps(),
	}
}

// add takes in a step.
func (o *outcome) add(s pipeline.Step, r pipeline.Result) {
	m := r.Manifest
	step := stepOutcome{
		Step: s.Name, Already: r.Already, Rows: m.Counters[pipeline.CountOut],
		Rejected: m.Counters[pipeline.CountRejected], Calls: m.Counters[pipeline.CountCalls],
		TookMs: m.Finished.Sub(m.Started).Milliseconds(),
	}
	o.Steps = append(o.Steps, step)
	if s.Stage == pipeline.StageExtract {
		o.Records += step.Rows
	}
	o.Warnings = append(o.Warnings, m.Warnings...)
	o.Rejected += step.Rejected
	o.addRejects(m)
	if !r.Already {
		o.Calls += step.Calls
		o.Retries += m.Counters[pipeline.CountRetries]
		o.Throttled += m.Counters[pipeline.CountThrottled]
	}
	for _, f := range m.Files {
		o.Bytes += f.Bytes
	}
	if s.Stage == pipeline.StageLoad && !r.Already {
		o.addLoaded(m.Loaded)
	}
	if m.Gate != nil {
		o.Gate, o.Checks = m.Gate, m.Checks
	}
	if m.Published != nil {
		o.Published = m.Published
	}
}

// close draws the conclusion.
func (o *outcome) close(err error) {
	place := func(s stepOutcome) int {
		return slices.IndexFunc(o.order, func(step pipeline.Step) bool { return step.Name == s.Step })
	}
	slices.SortFunc(o.Steps, func(a, b stepOutcome) int { return place(a) - place(b) })
	o.err = err
	if err == nil {
		o.err = o.verdict()
	}
	o.Errors = o.failures()
	o.Status = statusOf(o.err)
	if o.err == nil && o.nothing() {
		o.Status = "nothing"
	}
}

// stepFailure is an error with its place.
type stepFailure struct {
	Step string `json:"step,omitempty"`
	failure
}

// failures gives every step that failed: sources are read at once, and may fail at once.
func (o *outcome) failures() []stepFailure {
	var steps pipeline.StepErrors
	if !errors.As(o.err, &steps) {
		return nil
	}
	out := make([]stepFailure, len(steps))
	for i, s := range steps {
		out[i] = stepFailure{s.Step, failureOf(s.Err)}
		out[i].What = strings.TrimPrefix(out[i].What, o.Run+" "+s.Step+": ")
	}
	return out
}

// verdict tells whether what was done is good enough.
func (o *outcome) verdict() error {
	if o.Gate != nil && !o.Gate.Open {
		return &pipeline.Error{
			Code: "TL7001", Kind: pipeline.Gated, What: o.Run + ": the quality gate is closed", Err: errors.New(o.Gate.Reason),
			Cure: "See which flows give no account id: trunkline query \"select * from join_quality_daily\"; or accept the bias in audit.accept_bias",
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(o.Rejects)) {
		if n := o.Rejects[kind]; float64(n.Rejected) > o.limit*float64(n.Records) {
			return &pipeline.Error{
				Code: "TL7002", Kind: pipeline.Partial,
				What: fmt.Sprintf("%s: %d of %d records of %s were rejected, rejects.limit is %g %%", o.Run, n.Rejected, n.Records, kind, 100*o.limit),
				Cure: "See why: trunkline rejects list " + o.Run + "; when that is cured: trunkline rejects retry " + o.Run,
			}
		}
	}
	return nil
}

// streamRejects is how many of a stream's records could not become rows.
type streamRejects struct {
	Rejected int64 `json:"rejected"`
	Records  int64 `json:"records"`
}

// addLoaded adds what a step did to each table.
func (o *outcome) addLoaded(loaded map[string]pipeline.Loaded) {
	if o.Loaded == nil {
		o.Loaded = map[string]pipeline.Loaded{}
	}
	for table, n := range loaded {
		sum := o.Loaded[table]
		sum.Inserted += n.Inserted
		sum.Updated += n.Updated
		sum.Unchanged += n.Unchanged
		sum.Deleted += n.Deleted
		o.Loaded[table] = sum
	}
}

// addRejects counts a step's rejects by stream: a large stream must not hide that a small one cannot be read.
func (o *outcome) addRejects(m pipeline.Manifest) {
	for name, count := range m.Counters {
		kind, ok := strings.CutPrefix(name, pipeline.CountRejectedOf)
		if !ok {
			continue
		}
		if o.Rejects == nil {
			o.Rejects = map[string]streamRejects{}
		}
		n := o.Rejects[kind]
		n.Rejected += count
		o.Rejects[kind] = n
	}
}

// countRecords tells of how many records the rejects are.
func (o *outcome) countRecords(s pipeline.Store) error {
	if len(o.Rejects) == 0 {
		return nil
	}
	for _, step := range o.order {
		if step.Stage != pipeline.StageExtract {
			continue
		}
		m, err := pipeline.ReadManifest(s, o.Run, step.Name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, f := range m.Files { // several streams may have records of one kind
			if n, ok := o.Rejects[f.Kind]; ok {
				n.Records += f.Rows
				o.Rejects[f.Kind] = n
			}
		}
	}
	return nil
}

// nothing tells whether every step was done before.
func (o *outcome) nothing() bool {
	for _, s := range o.Steps {
		if !s.Already {
			return false
		}
	}
	return true
}

func statusOf(err error) string {
	switch code := exitCode(err); code {
	case exitOK:
		return "done"
	case exitPartial:
		return "partial"
	case exitGated:
		return "gated"
	case exitNothing:
		return "nothing"
	default:
		if code > exitSignal {
			return "stopped"
		}
		return "failed"
	}
}

// verdict gives what is wrong with the runs, the gravest first.
func (r *result) verdict(skipEmpty bool) error {
	var gated, partial []error
	nothing := true
	for _, o := range r.Runs {
		switch exitCode(o.err) {
		case exitGated:
			gated = append(gated, o.err)
		case exitPartial:
			partial = append(partial, o.err)
		}
		nothing = nothing && o.nothing()
	}
	if skipEmpty && nothing {
		return errNothing
	}
	return errors.Join(append(gated, partial...)...)
}

func (r *result) finish(err error) {
	r.Status, r.Exit = statusOf(err), exitCode(err)
	if err != nil && !errors.Is(err, errNothing) {
		f := failureOf(err)
		r.Error = &f
	}
}

// tell prints a result, and writes it to a file if one is wanted.
func (a *app) tell(r *result, file string) error {
	if file != "" {
		text, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
		if err := replaceFile(file, []byte(a.masker.Mask(string(text))+"\n")); err != nil {
			return err
		}
	}
	if a.flags.output == "json" {
		return writeJSON(a.stdout, r)
	}
	for _, o := range r.Runs {
		if err := o.print(a); err != nil {
			return err
		}
	}
	return nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(file string, text []byte) error {
	temp := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".tmp")
	if err := os.WriteFile(temp, text, 0o666); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := os.Rename(temp, file); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", file, err), os.Remove(temp))
	}
	return nil
}

// print tells a person what came of a run.
func (o *outcome) print(a *app) error {
	a.print("%s  business day %s  %s\n", o.Run, o.Day, o.Status)
	if len(o.Steps)+len(o.Errors) == 0 {
		return nil
	}
	g := grid{columns: []string{"step", "", "rows", "rejected", "calls", "took"}}
	for _, s := range o.Steps {
		state := "done"
		if s.Already {
			state = "already done"
		}
		g.add(s.Step, state, s.Rows, s.Rejected, s.Calls, took(s.TookMs))
	}
	for _, s := range o.Errors {
		g.add(s.Step, "failed", nil, nil, nil, "")
	}
	if err := g.writeTable(a.stdout); err != nil {
		return err
	}
	for _, w := range o.Warnings {
		a.print("warning: %s %s\n", w.Code, a.masker.Mask(w.What))
		if w.Cure != "" {
			a.print("  do: %s\n", w.Cure)
		}
	}
	for _, c := range o.Checks {
		if c.Severity == pipeline.SeverityWarn && c.Status == pipeline.StatusFail {
			a.print("warning: check %s, %s: %s\n", c.ID, c.Scope, c.Message)
		}
	}
	if o.err == nil && o.nothing() {
		a.print("nothing to do: all %d steps were already done\n", len(o.Steps))
		return nil
	}
	if u, ok := o.Loaded["unified_interactions"]; ok {
		a.print("unified_interactions: %s new, %s changed, %s as before\n", count(u.Inserted), count(u.Updated), count(u.Unchanged))
	}
	if r := o.Retried; r != nil {
		a.print("rejects: %s of %s resolved\n", count(r.Resolved), count(r.Open))
	}
	if o.Gate != nil && !o.Gate.Open {
		a.print("gate closed: %s\n", o.Gate.Reason)
	}
	if p := o.Published; p != nil {
		a.print("published %d views to %s", len(p.Views), p.Target)
		if len(p.Kept)+len(p.Withheld) > 0 {
			a.print(" (%d keep their last good state, %d withheld)", len(p.Kept), len(p.Withheld))
		}
		a.print("\n")
	}
	return nil
}

func took(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	if d < time.Second {
		return d.String()
	}
	return d.Round(100 * time.Millisecond).String()
}
