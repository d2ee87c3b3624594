package web

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

// Journal tells of the runs what no published file holds: how each ended, failed ones too, and what was logged.
type Journal interface {
	// Newest gives how the newest runs ended, newest first.
	Newest(ctx context.Context) ([]RunState, error)
	// Log gives what was logged in a run, by its steps. A run that is not there is fs.ErrNotExist.
	Log(ctx context.Context, run string) ([]StepLog, error)
}

// RunState is how far a run came.
type RunState struct {
	ID, Day, State string // the state in a word: published, gated, partial, failed, stopped, running, interrupted, unfinished
	Done, Of       int    // steps
	Errors         []RunError
}

// Bad tells whether somebody must look at it.
func (r RunState) Bad() bool {
	return r.State == "failed" || r.State == "stopped" || r.State == "interrupted"
}

// RunError is why a step failed, and what to do.
type RunError struct{ Step, Code, What, Cause, Cure string }

// StepLog is what was logged while a step was at work.
type StepLog struct {
	Step  string    `json:"step"`
	Lines []LogLine `json:"lines"`
}

// LogLine is one record.
type LogLine struct {
	At    time.Time `json:"at"`
	Level string    `json:"level"`
	Text  string    `json:"text"`
}

// journalBody is what Runs shows of the journal.
type journalBody struct {
	Unread bool // the run store cannot be read
	Runs   []toldRun
	Log    *runLog
}

type toldRun struct {
	RunState

	Link string
	Here bool
}

type runLog struct {
	ID    string
	Steps []shownLog
}

type shownLog struct {
	Step   string
	Failed bool
	Left   int // lines before those that are shown
	Lines  []shownLine
}

type shownLine struct{ At, Level, Text string }

// mostLines is how many lines of a step's log are shown.
const mostLines = 200

// tellsRuns says whether the page tells what the journal does. Logs and errors may quote any column, so that only who sees all gets them.
func (v *visit) tellsRuns() bool {
	return v.page.name == "runs" && v.site.config.Journal != nil && v.Role == "" && !v.static
}

// journal reads what the journal tells; nil: nothing to this reader. A journal that cannot be read leaves the rest of the page as it is.
func (v *visit) journal(ctx context.Context) *journalBody {
	if !v.tellsRuns() {
		return nil
	}
	newest, err := v.site.config.Journal.Newest(ctx)
	if err != nil {
		v.site.config.Log.WarnContext(ctx, "read how the runs ended", "error", err)
		return &journalBody{Unread: true}
	}
	body, wanted := &journalBody{}, v.query.Get("log")
	for _, r := range newest {
		body.Runs = append(body.Runs, toldRun{r, v.link("runs", map[string][]string{"log": {r.ID}}) + "#log", r.ID == wanted})
	}
	if wanted == "" {
		return body
	}
	logs, err := v.site.config.Journal.Log(ctx, wanted)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.ignore("log=%s is ignored. There is no such run", clipped(wanted))
	case err != nil:
		v.site.config.Log.WarnContext(ctx, "read the log of a run", "run", wanted, "error", err)
		body.Unread = true
	default:
		body.Log = v.shown(wanted, logs)
	}
	return body
}

// shown cuts the log of a run to what fits a page.
func (v *visit) shown(run string, logs []StepLog) *runLog {
	all := &runLog{ID: run}
	for _, l := range logs {
		step := shownLog{Step: l.Step, Left: max(0, len(l.Lines)-mostLines)}
		for _, line := range l.Lines[step.Left:] {
			at := ""
			if !line.At.IsZero() {
				at = line.At.In(v.site.config.Location).Format("2006-01-02 15:04:05")
			}
			step.Lines = append(step.Lines, shownLine{at, line.Level, line.Text})
			step.Failed = line.Level == "ERROR" // the last line tells how the step ended
		}
		all.Steps = append(all.Steps, step)
	}
	return all
}
