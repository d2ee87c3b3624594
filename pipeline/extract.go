package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// A file of records is closed when it holds this much, or is this old: then its pages are safe.
const (
	chunkBytes = 8 << 20
	chunkAge   = 5 * time.Second
)

// extraction is an extract that is under way; it is kept in the step's progress.json, so that a process that dies goes on
// from the last safe page.
type extraction struct {
	Windows   []Window  `json:"windows"` // to be read, in this order
	Behind    int       `json:"behind"`  // so many of them are read
	Observed  time.Time `json:"observed"`
	Cursor    string    `json:"cursor"` // in the window under way
	Watermark time.Time `json:"watermark,omitzero"`
	Files     []File    `json:"files"`
	Resumed   int64     `json:"resumed"`
	Again     int64     `json:"again"` // records of the windows behind the first
	Warnings  []Note    `json:"warnings,omitempty"`

	store   Store
	dir     string
	kind    string
	file    *recordWriter // nil between files
	note    File          // what a Rememberer leaves; without a name it left nothing
	opened  time.Time
	now     func() time.Time
	records int64
	moved   func(records int64)
}

// extract reads one stream of the run's window, and its windows that are read again, into the step's folder.
func (r *Run) extract(ctx context.Context, step Step, m *Manifest) error {
	source, name, _ := strings.Cut(stepSubject(step.Name), ".")
	stream, _ := r.flow.stream(source, name)
	x := r.flow.Sources[source]
	windows, watermark, err := r.extractWindows(step.Name, stream)
	if err != nil {
		return err
	}
	e := &extraction{
		Windows: windows, Observed: m.Started, Watermark: watermark,
		store: r.store, dir: r.id + "/" + step.Name, kind: stream.kind(source), now: r.opts.Now,
		moved: func(n int64) { r.opts.Progress(Progress{Step: step.Name, Unit: "records", Done: n}) },
	}
	_, canResume := x.(Resumer)
	if canResume {
		if err := e.restore(!r.opts.Again); err != nil {
			return err
		}
	}
	before := usageOf(x)
	read := func() error { return e.read(ctx, x, name) }
	if rememberer, ok := x.(Rememberer); ok {
		keep := func(page []Record) error { return e.keep(ctx, page, "") }
		read = func() error {
			return r.remember(ctx, step, e, func(note []byte) ([]byte, error) { return rememberer.Remember(ctx, name, windows[0], note, keep) })
		}
	}
	if err := errors.Join(read(), ctx.Err()); err != nil {
		// What was received up to the last cursor is still good: stopping costs no more than the page under way.
		return errors.Join(err, e.end(canResume && e.Cursor != ""))
	}
	if err := errors.Join(e.end(false), e.forget(canResume)); err != nil {
		return err
	}
	if e.note.Name != "" {
		e.Files = append(e.Files, e.note)
	}
	m.Window, m.Files, m.Watermark, m.Observed = windows[0], e.Files, e.Watermark, e.Observed
	m.Again, m.Warnings = windows[1:], e.Warnings
	m.Counters[CountOut] = e.records
	m.Counters[CountResumed] = e.Resumed
	if len(stream.Again) > 0 {
		m.Counters[CountAgain] = e.Again
	}
	countUsage(m, before, usageOf(x))
	return nil
}

// read reads the windows that are not read yet. What was received of one is safe before the next is begun.
func (e *extraction) read(ctx context.Context, x Extractor, stream string) error {
	resumer, canResume := x.(Resumer)
	for e.Behind < len(e.Windows) {
		var err error
		if w := e.Windows[e.Behind]; canResume {
			err = resumer.Resume(ctx, stream, w, e.Cursor, func(page []Record, next string) error { return e.keep(ctx, page, next) })
		} else {
			err = x.Extract(ctx, stream, w, func(page []Record) error { return e.keep(ctx, page, "") })
		}
		if warnings, ok := errors.AsType[Warnings](err); ok {
			e.Warnings, err = warnings.addTo(e.Warnings), nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		e.Behind, e.Cursor = e.Behind+1, ""
		if err := e.end(canResume); err != nil {
			return err
		}
	}
	return nil
}

// extractWindows gives the windows that a stream is asked for: that of the run, look-back included, and those to be read again.
// For a mirror it gives the watermark of the runs before, too.
func (r *Run) extractWindows(step string, s Stream) ([]Window, time.Time, error) {
	if s.Whole {
		return []Window{{}}, time.Time{}, nil
	}
	if !s.Mirror {
		again, err := r.Rereads(step)
		own := Window{From: r.window.From.Add(-s.Settles), To: r.window.To}
		return append([]Window{own}, again...), time.Time{}, err
	}
	known, err := r.mirroredTo(step)
	if err != nil || known.IsZero() {
		return []Window{{}}, time.Time{}, err
	}
	return []Window{{From: known.Add(-s.Settles)}}, known, nil
}

// mirroredTo gives the newest watermark that another run of the flow has reached with a mirrored stream; zero if none has.
func (r *Run) mirroredTo(step string) (time.Time, error) {
	var newest time.Time
	ids, err := Runs(r.store, r.flow.Name)
	if err != nil {
		return newest, err
	}
	for _, id := range ids {
		if id == r.id {
			continue
		}
		m, err := ReadManifest(r.store, id, step)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return newest, err
		case m.Watermark.After(newest):
			newest = m.Watermark
		}
	}
	return newest, nil
}

func (e *extraction) progressName() string { return e.dir + "/progress.json" }

// restore goes on from what an earlier attempt at the same window left, if it may; else it makes sure that nobody will.
func (e *extraction) restore(may bool) error {
	text, err := ReadFile(e.store, e.progressName())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var p extraction
	if !may || json.Unmarshal(text, &p) != nil || !slices.EqualFunc(p.Windows, e.Windows, Window.equal) || p.Behind == 0 && p.Cursor == "" {
		return writeJSON(e.store, e.progressName(), e)
	}
	e.Behind, e.Cursor, e.Observed, e.Watermark = p.Behind, p.Cursor, p.Observed, p.Watermark
	e.Files, e.Again, e.Warnings, e.Resumed = p.Files, p.Again, p.Warnings, p.Resumed+1
	for _, f := range e.Files {
		e.records += f.Rows
	}
	return nil
}

// forget makes sure that nobody goes on with an extract that is done.
func (e *extraction) forget(noted bool) error {
	if !noted {
		return nil
	}
	return writeJSON(e.store, e.progressName(), extraction{Windows: e.Windows})
}

// keep writes a page. next is the cursor behind it, if the source has any.
func (e *extraction) keep(ctx context.Context, page []Record, next string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if e.file == nil {
		if err := e.begin(); err != nil {
			return err
		}
	}
	for _, r := range page {
		if err := e.file.write(r); err != nil {
			return err
		}
		if r.At.After(e.Watermark) {
			e.Watermark = r.At
		}
	}
	e.Cursor = next
	e.records += int64(len(page))
	if e.Behind > 0 {
		e.Again += int64(len(page))
	}
	e.moved(e.records)
	if e.file.bytes >= chunkBytes || e.now().Sub(e.opened) >= chunkAge {
		return e.end(next != "")
	}
	return nil
}

func (e *extraction) begin() error {
	w, err := e.store.Create(e.fileName())
	if err != nil {
		return err
	}
	if e.file, err = newRecordWriter(w); err != nil {
		return errors.Join(err, w.Abort())
	}
	e.opened = e.now()
	return nil
}

func (e *extraction) fileName() string {
	return fmt.Sprintf("%s/records-%03d.jsonl.zst", e.dir, len(e.Files))
}

// end completes the file under way, if there is one, and then, if told so, notes that everything up to the cursor is safe.
func (e *extraction) end(note bool) error {
	if file := e.file; file != nil {
		e.file = nil
		if err := e.complete(file); err != nil {
			return err
		}
	}
	if note {
		return writeJSON(e.store, e.progressName(), e)
	}
	return nil
}

// complete closes a file; one without records never was.
func (e *extraction) complete(file *recordWriter) error {
	if file.rows == 0 {
		file.abort()
		return nil
	}
	f, err := file.close(e.fileName(), e.kind)
	if err != nil {
		file.abort()
		return err
	}
	e.Files = append(e.Files, f)
	return nil
}

func usageOf(x Extractor) Usage {
	if m, ok := x.(Metered); ok {
		return m.Usage()
	}
	return Usage{}
}

// countUsage adds what the source was asked meanwhile. Steps of one source that are done at once share the counts.
func countUsage(m *Manifest, before, after Usage) {
	m.Counters[CountCalls] = after.Calls - before.Calls
	m.Counters[CountRetries] = after.Retries - before.Retries
	m.Counters[CountThrottled] = (after.Throttled - before.Throttled).Milliseconds()
	m.Counters[CountReceived] = after.Bytes - before.Bytes
	for name, n := range after.Counts {
		m.Counters[name] += n - before.Counts[name]
	}
}
