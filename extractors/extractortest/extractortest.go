// Package extractortest holds the promises of pipeline.Extractor and pipeline.Resumer as a test that every extractor runs.
package extractortest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"
	"testing"
	"time"

	"trunkline/pipeline"
)

// Case is a part of a source on which an extractor is tried. The source must not change meanwhile, and should be small: it is
// read once for every page it has.
type Case struct {
	Stream string
	Window pipeline.Window
	Want   int // how many distinct keys there are; at least 1
}

// Run checks that an extractor keeps its promises on a case.
func Run(t *testing.T, x pipeline.Extractor, c Case) {
	t.Helper()
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			if err := p.kept(t.Context(), x, c); err != nil {
				t.Errorf("%s: %v", c.Stream, err)
			}
		})
	}
}

// promise is something an extractor owes to the pipeline; kept tells how it was broken.
type promise struct {
	name string
	kept func(context.Context, pipeline.Extractor, Case) error
}

var promises = []promise{
	{"declares the stream", declares},
	{"reads everything", readsEverything},
	{"reads the same again", readsAgain},
	{"gives an error of emit back", givesErrorsBack},
	{"stops when cancelled", stops},
	{"refuses an unknown stream", refusesUnknown},
	{"emits one page at a time", emitsInTurn},
	{"resumes from every cursor", resumes},
	{"begins again on a cursor it does not know", beginsAgain},
}

// patience is how long a cancelled extractor may go on.
const patience = 10 * time.Second

func declares(_ context.Context, x pipeline.Extractor, c Case) error {
	for _, s := range x.Streams() {
		if s.Name == c.Stream {
			return nil
		}
	}
	return fmt.Errorf("not among the streams %v", x.Streams())
}

// set is what was read, by key: how often it came.
type set map[string]int

func (s set) add(page []pipeline.Record) error {
	for _, r := range page {
		if r.Key == "" || len(r.Body) == 0 {
			return fmt.Errorf("record with key %q and a body of %d bytes", r.Key, len(r.Body))
		}
		s[r.Key]++
	}
	return nil
}

// differs names a key that only one of the two sets has.
func (s set) differs(want set) error {
	for k := range want {
		if s[k] == 0 {
			return fmt.Errorf("%s is missing: %d keys instead of %d", k, len(s), len(want))
		}
	}
	for k := range s {
		if want[k] == 0 {
			return fmt.Errorf("%s was not there the first time", k)
		}
	}
	return nil
}

func read(ctx context.Context, x pipeline.Extractor, c Case) (set, error) {
	got := set{}
	err := x.Extract(ctx, c.Stream, c.Window, got.add)
	return got, err
}

func readsEverything(ctx context.Context, x pipeline.Extractor, c Case) error {
	got, err := read(ctx, x, c)
	if err == nil && (len(got) != c.Want || c.Want < 1) {
		err = fmt.Errorf("%d keys, want %d", len(got), c.Want)
	}
	return err
}

func readsAgain(ctx context.Context, x pipeline.Extractor, c Case) error {
	first, err := read(ctx, x, c)
	if err != nil {
		return err
	}
	second, err := read(ctx, x, c)
	if err != nil {
		return err
	}
	return second.differs(first)
}

func givesErrorsBack(ctx context.Context, x pipeline.Extractor, c Case) error {
	mine, calls := errors.New("the error of emit"), 0
	err := x.Extract(ctx, c.Stream, c.Window, func([]pipeline.Record) error {
		calls++
		return mine
	})
	if !errors.Is(err, mine) {
		return fmt.Errorf("got %w, want the error of emit", err)
	}
	if calls != 1 {
		return fmt.Errorf("emit was called %d times although its first call failed", calls)
	}
	return nil
}

func stops(ctx context.Context, x pipeline.Extractor, c Case) error {
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if got, err := read(cancelled, x, c); err == nil || len(got) > 0 {
		return fmt.Errorf("cancelled before it began, it gave %d keys and error %w", len(got), err)
	}

	underway, cancel := context.WithCancel(ctx)
	defer cancel()
	got, began := set{}, time.Time{}
	err := x.Extract(underway, c.Stream, c.Window, func(page []pipeline.Record) error {
		if began.IsZero() {
			began = time.Now()
			cancel()
		}
		return got.add(page)
	})
	if took := time.Since(began); took > patience {
		return fmt.Errorf("cancelled, it went on for %s", took)
	}
	if err == nil && len(got) < c.Want {
		return fmt.Errorf("cancelled, it gave %d keys of %d and no error", len(got), c.Want)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("cancelled, it gave the error %w, want context.Canceled", err)
	}
	return nil
}

func refusesUnknown(ctx context.Context, x pipeline.Extractor, c Case) error {
	c.Stream = "no such stream"
	if got, err := read(ctx, x, c); err == nil || len(got) > 0 {
		return fmt.Errorf("%d keys and error %w", len(got), err)
	}
	return nil
}

func emitsInTurn(ctx context.Context, x pipeline.Extractor, c Case) error {
	var inside, overlaps atomic.Int64
	err := x.Extract(ctx, c.Stream, c.Window, func([]pipeline.Record) error {
		if inside.Add(1) > 1 {
			overlaps.Add(1)
		}
		time.Sleep(5 * time.Millisecond)
		inside.Add(-1)
		return nil
	})
	if err == nil && overlaps.Load() > 0 {
		err = fmt.Errorf("emit was called %d times while it was still at work", overlaps.Load())
	}
	return err
}

// resumes reads all with its cursors, then goes on from each of them: together with the pages before it that must be everything.
func resumes(ctx context.Context, x pipeline.Extractor, c Case) error {
	r, ok := x.(pipeline.Resumer)
	if !ok {
		return nil
	}
	var pages [][]pipeline.Record
	var cursors []string
	all, records := set{}, 0
	err := r.Resume(ctx, c.Stream, c.Window, "", func(page []pipeline.Record, next string) error {
		records += len(page)
		pages, cursors = append(pages, page), append(cursors, next)
		return all.add(page)
	})
	if err != nil {
		return err
	}
	if len(all) != c.Want {
		return fmt.Errorf("from the beginning: %d keys, want %d", len(all), c.Want)
	}
	again, before, last := resumption{r, c, all}, set{}, 0
	for i, cursor := range cursors {
		if cursor == "" {
			return fmt.Errorf("page %d came without a cursor", i+1)
		}
		if err := before.add(pages[i]); err != nil {
			return err
		}
		if last, err = again.from(ctx, cursor, before); err != nil {
			return fmt.Errorf("from the cursor behind page %d of %d: %w", i+1, len(cursors), err)
		}
	}
	if len(pages) > 1 && last >= records {
		return fmt.Errorf("from the last cursor all %d records were read again", last)
	}
	return nil
}

// resumption is a case that is gone on with, and all that it has.
type resumption struct {
	pipeline.Resumer
	Case
	all set
}

// from reads from a cursor, checks that before and the rest are all, and counts the rest.
func (r resumption) from(ctx context.Context, cursor string, before set) (int, error) {
	union, records := maps.Clone(before), 0
	err := r.Resume(ctx, r.Stream, r.Window, cursor, func(page []pipeline.Record, next string) error {
		if next == "" {
			return errors.New("a page came without a cursor")
		}
		records += len(page)
		return union.add(page)
	})
	if err != nil {
		return 0, err
	}
	return records, union.differs(r.all)
}

func beginsAgain(ctx context.Context, x pipeline.Extractor, c Case) error {
	r, ok := x.(pipeline.Resumer)
	if !ok {
		return nil
	}
	all, err := read(ctx, x, c)
	if err != nil {
		return err
	}
	again := resumption{r, c, all}
	for _, cursor := range []string{"no such cursor", "{", "{}", "[]", "null", "\x00\xff", "-1", "9999999999", `{"parts":[{}]}`} {
		if _, err := again.from(ctx, cursor, set{}); err != nil {
			return fmt.Errorf("cursor %q: %w", cursor, err)
		}
	}
	return nil
}
