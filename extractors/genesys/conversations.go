package genesys

import (
	"context"
	"fmt"
	"time"

	"trunkline/pipeline"
)

// conversations reads the conversations whose life overlaps the window: from details jobs as far as their data are complete, and
// beyond it, if the configuration wants that, from the synchronous query.
func (x *Extractor) conversations(ctx context.Context, w pipeline.Window, cursor string, emit func([]pipeline.Record, string) error) error {
	if w.From.IsZero() {
		return misuse("conversations can only be read from a given time on")
	}
	parts, ok := parseParts(cursor, w)
	if !ok {
		var err error
		if parts, err = x.plan(ctx, w); err != nil {
			return err
		}
	}
	state := &progress{parts: parts, emit: emit}
	if err := x.jobs(ctx, state); err != nil {
		return err
	}
	return x.live(ctx, state)
}

// plan cuts the window into parts, once their data are complete.
func (x *Extractor) plan(ctx context.Context, w pipeline.Window) ([]part, error) {
	if w.To.IsZero() {
		w.To = time.Now().UTC().Truncate(time.Second)
	}
	if !w.From.Before(w.To) {
		return nil, misuse(fmt.Sprintf("the window %s has no length", interval(w.From, w.To)))
	}
	complete, err := x.awaitData(ctx, w.To)
	if err != nil {
		return nil, err
	}
	if !complete.Before(w.To) {
		return x.parts(ctx, w)
	}
	var parts []part
	if w.From.Before(complete) {
		if parts, err = x.parts(ctx, pipeline.Window{From: w.From, To: complete}); err != nil {
			return nil, err
		}
		w.From = complete
	}
	return append(parts, part{From: w.From, To: w.To, Live: true}), nil
}

// awaitData gives the time up to which data are complete. If that is not enough and nothing else will do, it waits as long as it may.
func (x *Extractor) awaitData(ctx context.Context, to time.Time) (time.Time, error) {
	deadline := time.Now().Add(x.config.AvailabilityWait)
	for {
		complete, err := x.availability(ctx)
		if err != nil || !complete.Before(to) || x.config.Intraday {
			return complete, err
		}
		if left := time.Until(deadline); left > 0 {
			if err := wait(ctx, min(left, x.pace.availability)); err != nil {
				return complete, err
			}
			continue
		}
		return complete, &pipeline.Error{
			Code: "TL4120", Kind: pipeline.Upstream,
			What: fmt.Sprintf("genesys: read conversations up to %s: the data are complete only up to %s", stamp(to), stamp(complete)),
			Cure: "Run again later, or set availability_wait to let the run wait",
		}
	}
}

// availability asks how far the data are complete.
func (x *Extractor) availability(ctx context.Context) (time.Time, error) {
	var answer struct {
		Date time.Time `json:"dataAvailabilityDate"`
	}
	err := x.get(ctx, "/analytics/conversations/details/jobs/availability", into(&answer))
	if err != nil {
		return time.Time{}, explain("ask how far the data are complete", err)
	}
	return answer.Date.UTC().Truncate(time.Second), nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("wait for genesys: %w", ctx.Err())
	case <-t.C:
		return nil
	}
}
