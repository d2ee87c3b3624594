package pipeline

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// DoAll does the steps that want chooses, in order. Extracts of different sources are done at once, those of one source one
// after the other: they share its call budget anyway, and their counts are told apart that way. done is told of every step,
// never concurrently. The first error ends it, as StepErrors; what was done stays done.
func (r *Run) DoAll(ctx context.Context, want func(Step) bool, done func(Step, Result)) error {
	var told sync.Mutex
	do := func(ctx context.Context, s Step) error {
		result, err := r.Do(ctx, s.Name)
		if err != nil {
			return StepErrors{{s.Name, err}}
		}
		told.Lock()
		defer told.Unlock()
		done(s, result)
		return nil
	}
	bySource := map[string][]Step{}
	var later []Step
	for _, s := range r.steps {
		switch {
		case !want(s):
		case s.Stage == StageExtract:
			source, _, _ := strings.Cut(stepSubject(s.Name), ".")
			bySource[source] = append(bySource[source], s)
		default:
			later = append(later, s)
		}
	}
	if err := atOnce(ctx, bySource, do); err != nil {
		return err
	}
	for _, s := range later {
		if err := do(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// atOnce does the steps of different sources at once. Sources that fail at the same time are all told of; one that only
// ended because another failed is not.
func atOnce(ctx context.Context, bySource map[string][]Step, do func(context.Context, Step) error) error {
	sources := slices.Sorted(maps.Keys(bySource))
	errs := make([]error, len(sources))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, source := range sources {
		group.Go(func() error {
			for _, s := range bySource[source] {
				if errs[i] = do(groupCtx, s); errs[i] != nil {
					return errs[i]
				}
			}
			return nil
		})
	}
	first := group.Wait()
	var failed StepErrors
	for _, err := range errs {
		var of StepErrors
		if errors.As(err, &of) && !onlyCancelled(err) {
			failed = append(failed, of...)
		}
	}
	if len(failed) == 0 {
		return first
	}
	return failed
}

// onlyCancelled tells whether all that an error says is that its context was cancelled.
func onlyCancelled(err error) bool {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return !slices.ContainsFunc(joined.Unwrap(), func(err error) bool { return !onlyCancelled(err) })
	}
	return errors.Is(err, context.Canceled)
}

// StepErrors are the steps that ended a DoAll: at most one of each source.
type StepErrors []FailedStep

// FailedStep is a step and what went wrong with it.
type FailedStep struct {
	Step string
	Err  error
}

// Error gives the errors, a line each.
func (e StepErrors) Error() string { return errors.Join(e.Unwrap()...).Error() }

// Unwrap gives the errors.
func (e StepErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, s := range e {
		errs[i] = s.Err
	}
	return errs
}
