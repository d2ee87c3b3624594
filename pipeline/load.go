package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"trunkline/schema"
)

// load merges the run's tables into the warehouse, one commit a table.
func (r *Run) load(ctx context.Context, step Step, m *Manifest) error {
	batches, err := Batches(r.store, r.id, step)
	if err != nil {
		return err
	}
	return r.withLoader(ctx, func(l Loader) error {
		if err := l.Migrate(ctx, schema.All()); err != nil {
			return err
		}
		return r.loadBatches(ctx, l, batches, m)
	})
}

// Batches gives what a load step of a run loads, in its order. It does not look into the files. A step before it that is not done is
// fs.ErrNotExist.
func Batches(s Store, run string, step Step) ([]Batch, error) {
	var files []File
	for _, need := range step.Needs {
		made, err := ReadManifest(s, run, need)
		if err != nil {
			return nil, err
		}
		files = append(files, made.Files...)
	}
	return batchesOf(s, run+"/"+step.Name, files), nil
}

// batchesOf makes batches of a step's files: tables in the order of the data dictionary, each with its children.
func batchesOf(s Store, step string, files []File) (batches []Batch) {
	byTable := map[string][]File{}
	for _, f := range files {
		f.URI = s.URI(f.Name)
		byTable[f.Kind] = append(byTable[f.Kind], f)
	}
	for _, table := range schema.All() {
		if table.Parent != nil || len(byTable[table.Name]) == 0 {
			continue
		}
		b := Batch{ID: step + "/" + table.Name, Table: table, Files: byTable[table.Name]}
		for _, child := range table.Children() {
			if files := byTable[child.Name]; len(files) > 0 {
				b.Children = append(b.Children, Part{Table: child, Files: files})
			}
		}
		batches = append(batches, b)
	}
	return batches
}

// loadBatches loads batches and adds up what came of them.
func (r *Run) loadBatches(ctx context.Context, l Loader, batches []Batch, m *Manifest) error {
	if m.Loaded == nil {
		m.Loaded = map[string]Loaded{}
	}
	for _, b := range batches {
		loaded, err := r.loadBatch(ctx, l, b, m)
		if err != nil {
			return err
		}
		for name, n := range loaded {
			m.Loaded[name] = n
			m.Counters[CountOut] += n.Inserted + n.Updated
		}
		r.opts.Progress(Progress{Step: m.Step, Unit: "rows", Done: m.Counters[CountIn]})
	}
	return nil
}

// loadBatch loads a batch, whose files are on this machine meanwhile.
func (r *Run) loadBatch(ctx context.Context, l Loader, b Batch, m *Manifest) (loaded map[string]Loaded, err error) {
	b, release, err := r.fetchBatch(b)
	defer func() { err = errors.Join(err, release()) }()
	if err != nil {
		return nil, err
	}
	if err := intactBatch(b, m); err != nil {
		return nil, err
	}
	return l.Load(ctx, b)
}

// fetchBatch gives a batch whose files loaders can open, until it is released, which it must be in any case.
func (r *Run) fetchBatch(b Batch) (local Batch, release func() error, err error) {
	var held []func() error
	release = func() (err error) {
		for _, release := range held {
			err = errors.Join(err, release())
		}
		return err
	}
	store, ok := r.store.(Fetcher)
	if !ok {
		return b, release, nil
	}
	fetch := func(files []File) ([]File, error) {
		files = slices.Clone(files)
		for i, f := range files {
			path, free, err := store.Local(f.Name)
			if err != nil {
				return nil, (&sources{}).damaged(f, err)
			}
			held, files[i].URI = append(held, free), path
		}
		return files, nil
	}
	if b.Files, err = fetch(b.Files); err != nil {
		return b, release, err
	}
	b.Children = slices.Clone(b.Children)
	for i, part := range b.Children {
		if b.Children[i].Files, err = fetch(part.Files); err != nil {
			return b, release, err
		}
	}
	return b, release, nil
}

// intactBatch makes sure that a batch's files are what their manifest says, and counts their rows.
func intactBatch(b Batch, m *Manifest) error {
	for _, part := range append([]Part{{Table: b.Table, Files: b.Files}}, b.Children...) {
		for _, f := range part.Files {
			if err := intact(f); err != nil {
				return err
			}
			m.Counters[CountIn] += f.Rows
		}
	}
	return nil
}

// withLoader connects to the warehouse for as long as do takes.
func (r *Run) withLoader(ctx context.Context, do func(Loader) error) error {
	l, err := r.flow.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(l), l.Close())
}

// intact makes sure that a file that is ready for a loader is what its manifest says.
func intact(f File) error {
	err := func() error {
		file, err := os.Open(f.URI)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		sum := sha256.New()
		if _, err := io.Copy(sum, file); err != nil {
			return err
		}
		if got := hex.EncodeToString(sum.Sum(nil)); got != f.SHA256 {
			return fmt.Errorf("its sha256 is %s, its manifest says %s", got, f.SHA256)
		}
		return nil
	}()
	if err != nil {
		return (&sources{}).damaged(f, err)
	}
	return nil
}

// audit questions the warehouse and decides whether the views that need the CRM may be published.
func (r *Run) audit(ctx context.Context, m *Manifest) error {
	return r.withLoader(ctx, func(l Loader) error { return r.askGate(ctx, l, m) })
}

// askGate makes the checks on the warehouse as it is now, and notes them and their verdict.
func (r *Run) askGate(ctx context.Context, l Loader, m *Manifest) error {
	a, ok := l.(Auditor)
	if !ok {
		m.Gate = &Gate{Open: true, Reason: "this warehouse has no audit"}
		return nil
	}
	how := r.flow.Audit
	how.Run, how.Window, how.Day, how.At = r.id, r.window, newestDay(r.window, r.flow.Location), m.Started
	checks, err := a.Audit(ctx, how)
	if err != nil {
		return err
	}
	m.Gate = &Gate{Open: true}
	var reasons []string
	for _, c := range checks {
		m.Checks = append(m.Checks, CheckResult{
			ID: c.CheckID, Scope: c.Scope, Severity: c.Severity,
			Status: c.Status, Observed: c.Observed, Limit: c.Threshold, Message: c.Message,
		})
		if c.Severity == SeverityGate && c.Status == StatusFail {
			reasons = append(reasons, c.Message)
		}
	}
	m.Counters[CountOut] = int64(len(checks))
	if len(reasons) > 0 {
		m.Gate = &Gate{Reason: strings.Join(reasons, "; ")}
	}
	return nil
}

// Severities and outcomes of checks.
const (
	SeverityWarn = "warn"
	SeverityGate = "gate" // failing keeps the views that need the CRM from being published

	StatusPass   = "pass"
	StatusFail   = "fail"
	StatusWaived = "waived"
)

// publish records the run in the warehouse and makes its tables and views visible. The gate is asked once more: other runs may
// have changed the tables since this one's audit.
func (r *Run) publish(ctx context.Context, m *Manifest) error {
	files, err := r.recordRun(ctx, m)
	if err != nil {
		return err
	}
	return r.withLoader(ctx, func(l Loader) error {
		if err := l.Migrate(ctx, schema.All()); err != nil {
			return err
		}
		if err := r.loadBatches(ctx, l, batchesOf(r.store, r.id+"/"+m.Step, files), m); err != nil {
			return err
		}
		m.Files = files
		if err := r.askGate(ctx, l, m); err != nil {
			return err
		}
		p, ok := l.(Publisher)
		if !ok {
			return nil
		}
		what := Publication{Run: r.id, GateOpen: m.Gate.Open, Reason: m.Gate.Reason, At: m.Started}
		if a := r.flow.Audit.Answers; a != nil {
			what.PivotKeys = a.PivotKeys
		}
		done, err := p.Publish(ctx, what)
		if err != nil {
			return err
		}
		m.Published = &done
		m.Counters[CountOut] = int64(len(done.Views))
		return nil
	})
}

// recordRun writes what the run's steps did as rows of etl_runs and etl_watermarks.
func (r *Run) recordRun(ctx context.Context, m *Manifest) ([]File, error) {
	runs, marks := newSorter(schema.EtlRuns), newSorter(schema.EtlWatermarks)
	defer runs.close()
	defer marks.close()
	later, err := r.laterRuns()
	if err != nil {
		return nil, err
	}
	for _, step := range r.steps {
		done, err := ReadManifest(r.store, r.id, step.Name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		row, err := runRow(done)
		if err != nil {
			return nil, err
		}
		if err := runs.add(row); err != nil {
			return nil, err
		}
		if step.Stage != StageExtract {
			continue
		}
		overtaken, err := r.overtaken(done, later)
		if err != nil {
			return nil, err
		}
		if overtaken {
			continue
		}
		if err := marks.add(r.watermarkRow(done)); err != nil {
			return nil, err
		}
	}
	var files []File
	for _, s := range []*sorter{runs, marks} {
		f, err := writeTable(ctx, r.store, r.id+"/"+m.Step, r.flow.Version, s)
		if err != nil {
			return nil, err
		}
		if f.Rows > 0 {
			files = append(files, f)
		}
	}
	return files, nil
}

// laterRuns gives the runs of windows after this one, newest first.
func (r *Run) laterRuns() ([]string, error) {
	ids, err := Runs(r.store, r.flow.Name)
	slices.Reverse(ids)
	return slices.DeleteFunc(ids, func(id string) bool { return id <= r.id }), err
}

// overtaken tells whether a run of a later window has read an extract's stream too and is in the warehouse: a day that is filled in
// later moves no watermark back. What has no window is as of when it was asked, which the warehouse compares itself.
func (r *Run) overtaken(done Manifest, later []string) (bool, error) {
	if done.Window.To.IsZero() {
		return false, nil
	}
	for _, id := range later {
		read, err := r.loadedExtract(id, done.Step)
		if err != nil {
			return false, err
		}
		if read != nil && read.Reached().After(done.Window.To) {
			return true, nil
		}
	}
	return false, nil
}

func (r *Run) watermarkRow(done Manifest) *schema.Watermark {
	source, entity, _ := strings.Cut(stepSubject(done.Step), ".")
	w := &schema.Watermark{Source: source, Entity: entity, RunID: r.id, ObservedAt: done.Observed, Watermark: known(done.Reached())}
	schema.Clean(w)
	return w
}

func runRow(m Manifest) (*schema.RunStep, error) {
	short := m
	short.Files, short.Inputs, short.Checks = nil, nil, nil // they are in the run folder
	text, err := json.Marshal(short)
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", m.Step, err)
	}
	row := &schema.RunStep{
		RunID: m.Run, Step: m.Step, Status: "done", StartedAt: m.Started, EndedAt: m.Finished,
		IntervalStart: known(m.Window.From), IntervalEnd: known(m.Window.To),
		RowsIn: count(m, CountIn), RowsOut: count(m, CountOut), RowsRejected: count(m, CountRejected),
		APICalls: count(m, CountCalls), APIRetries: count(m, CountRetries), ThrottledMs: count(m, CountThrottled),
		CodeVersion: m.Version, Manifest: string(text),
	}
	var bytes int64
	for _, f := range m.Files {
		bytes += f.Bytes
	}
	row.Bytes = &bytes
	schema.Clean(row)
	return row, nil
}

// count gives a counter that a step kept; NULL where it kept none.
func count(m Manifest, name string) *int64 {
	if n, ok := m.Counters[name]; ok {
		return &n
	}
	return nil
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
