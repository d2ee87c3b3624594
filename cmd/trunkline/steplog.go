package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"trunkline/dashboards/web"
	"trunkline/internal/secret"
	"trunkline/pipeline"
)

// mostLog is how many bytes of a step's log are kept in the run's folder: its last lines, for they tell how it ended.
const mostLog = 1 << 20

// stepLog is what was logged while a step was at work, as JSON lines. It is safe for concurrent use.
type stepLog struct {
	mu      sync.Mutex
	lines   [][]byte
	size    int
	dropped int
}

// Write takes one line; the oldest make room.
func (l *stepLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines, l.size = append(l.lines, bytes.Clone(line)), l.size+len(line)
	for l.size > mostLog {
		l.size -= len(l.lines[0])
		l.lines = l.lines[1:]
		l.dropped++
	}
	return len(line), nil
}

// text gives the lines, after one that tells how many are gone.
func (l *stepLog) text() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b bytes.Buffer
	if l.dropped > 0 {
		slog.New(slog.NewJSONHandler(&b, nil)).Warn("the first lines are not kept", "lines", l.dropped)
	}
	for _, line := range l.lines {
		b.Write(line)
	}
	return b.Bytes()
}

type stepLogKey struct{}

// keeping is a handler that also keeps what is logged in the context of a step, at info and above, however little is shown.
type keeping struct {
	shown slog.Handler
	with  []func(slog.Handler) slog.Handler // attributes and groups, in their order
}

// keptIn gives where a record is kept; nil: nowhere.
func keptIn(ctx context.Context, level slog.Level) *stepLog {
	l, _ := ctx.Value(stepLogKey{}).(*stepLog)
	if level < slog.LevelInfo {
		return nil
	}
	return l
}

// Enabled tells whether a record is shown or kept.
func (h keeping) Enabled(ctx context.Context, level slog.Level) bool {
	return keptIn(ctx, level) != nil || h.shown.Enabled(ctx, level)
}

// Handle keeps a record and shows it.
func (h keeping) Handle(ctx context.Context, r slog.Record) error {
	if l := keptIn(ctx, r.Level); l != nil {
		var kept slog.Handler = slog.NewJSONHandler(l, nil)
		for _, add := range h.with {
			kept = add(kept)
		}
		_ = kept.Handle(ctx, r.Clone()) // what cannot be kept is shown all the same
	}
	if !h.shown.Enabled(ctx, r.Level) {
		return nil
	}
	return h.shown.Handle(ctx, r)
}

// WithAttrs gives a handler whose records have attributes.
func (h keeping) WithAttrs(attrs []slog.Attr) slog.Handler {
	return keeping{h.shown.WithAttrs(attrs), append(slices.Clone(h.with), func(k slog.Handler) slog.Handler { return k.WithAttrs(attrs) })}
}

// WithGroup gives a handler whose attributes are in a group.
func (h keeping) WithGroup(name string) slog.Handler {
	return keeping{h.shown.WithGroup(name), append(slices.Clone(h.with), func(k slog.Handler) slog.Handler { return k.WithGroup(name) })}
}

// logKeeper writes the log of each step into the run's folder.
type logKeeper struct {
	store  pipeline.Store
	masker *secret.Masker
	log    *slog.Logger
}

// witness keeps what is logged of a step, and writes it when the step ends, however it ends. A log that cannot be written is a
// warning: no step fails for it.
func (k logKeeper) witness(ctx context.Context, run *pipeline.Run, s pipeline.Step) (context.Context, func(pipeline.Manifest, error)) {
	l := &stepLog{}
	stepCtx := context.WithValue(ctx, stepLogKey{}, l)
	return stepCtx, func(m pipeline.Manifest, err error) {
		end := slog.New(k.masker.Handler(slog.NewJSONHandler(l, nil)))
		if err != nil {
			end.ErrorContext(ctx, "step failed", "error", err)
		} else {
			end.InfoContext(ctx, "step finished", "rows", m.Counters[pipeline.CountOut], "took", m.Finished.Sub(m.Started).Round(time.Millisecond).String())
		}
		if err := pipeline.WriteFile(k.store, logName(run.ID(), s.Name), l.text()); err != nil {
			k.log.WarnContext(ctx, "the log of a step is not kept", "step", s.Name, "error", err)
		}
	}
}

func logName(run, step string) string { return run + "/" + step + "/log.jsonl" }

// readLogs gives what is kept of a run's log, a step after the other. A step that has none is left out.
func readLogs(s pipeline.Store, run string, steps []pipeline.Step) ([]web.StepLog, error) {
	var all []web.StepLog
	for _, step := range steps {
		name := logName(run, step.Name)
		text, err := pipeline.ReadFile(s, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, web.StepLog{Step: step.Name, Lines: logLines(text)})
	}
	return all, nil
}

// logLines takes JSON lines apart. One that is none is its own text.
func logLines(text []byte) []web.LogLine {
	var lines []web.LogLine
	for line := range bytes.Lines(text) {
		var known struct {
			Time  time.Time
			Level string
			Msg   string
		}
		more := map[string]any{}
		if json.Unmarshal(line, &known) != nil || json.Unmarshal(line, &more) != nil {
			lines = append(lines, web.LogLine{Text: string(bytes.TrimSpace(line))})
			continue
		}
		var said strings.Builder
		said.WriteString(known.Msg)
		delete(more, slog.TimeKey)
		delete(more, slog.LevelKey)
		delete(more, slog.MessageKey)
		for _, key := range slices.Sorted(maps.Keys(more)) {
			_, _ = fmt.Fprintf(&said, " %s=%v", key, more[key])
		}
		lines = append(lines, web.LogLine{At: known.Time, Level: known.Level, Text: said.String()})
	}
	return lines
}
