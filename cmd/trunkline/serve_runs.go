package main

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"trunkline/dashboards/web"
	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// toldRuns is of how many runs the page tells how they ended.
const toldRuns = 10

// journal tells the page of the runs, out of the run store, which it reads without its lock.
type journal struct {
	config *Config
	now    func() time.Time
	last   recent[[]web.RunState]
}

// Newest gives how the newest runs ended, read some seconds ago at most, however many ask.
func (j *journal) Newest(ctx context.Context) ([]web.RunState, error) {
	return j.last.take(ctx, j.config, j.now(), func(s store.Locked) ([]web.RunState, error) {
		read, err := j.config.readJourneys(ctx, s, toldRuns)
		var newest []web.RunState
		for _, r := range slices.Backward(read) {
			state := web.RunState{ID: r.Run, Day: r.Day, State: r.State, Done: r.Done, Of: r.Of}
			for _, e := range r.Errors {
				state.Errors = append(state.Errors, web.RunError{Step: e.Step, Code: e.Code, What: e.What, Cause: e.Cause, Cure: e.Cure})
			}
			newest = append(newest, state)
		}
		return newest, err
	})
}

// Log gives what is kept of a run's log.
func (j *journal) Log(ctx context.Context, run string) (logs []web.StepLog, err error) {
	steps, err := j.config.steps(false)
	if err != nil {
		return nil, err
	}
	err = j.config.withStore(ctx, func(s store.Locked) error {
		ids, err := pipeline.Runs(s, flowNightly)
		if err != nil {
			return err
		}
		if !slices.Contains(ids, run) { // what a reader asks for never becomes a path unless it is a run
			return fmt.Errorf("read the log of a run: %w", fs.ErrNotExist)
		}
		logs, err = readLogs(s, run, steps)
		return err
	})
	return logs, err
}
