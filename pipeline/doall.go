package pipeline

import (
	"context"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// DoAll does the steps that want chooses, in order. Extracts of different sources are done at once, those of one source one
// after the other: they share its call budget anyway, and their counts are told apart that way. done is told of every step,
// never concurrently. The first error ends it; what was done stays done.
func (r *Run) DoAll(ctx context.Context, want func(Step) bool, done func(Step, Result)) error {
	var told sync.Mutex
	do := func(ctx context.Context, s Step) error {
		result, err := r.Do(ctx, s.Name)
		if err != nil {
			return err
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
	group, groupCtx := errgroup.WithContext(ctx)
	for _, steps := range bySource {
		group.Go(func() error {
			for _, s := range steps {
				if err := do(groupCtx, s); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, s := range later {
		if err := do(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
