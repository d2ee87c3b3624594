package extractortest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"trunkline/pipeline"
)

// toy is a source of pages of records. Its fault, if any, is the promise that it breaks.
type toy struct {
	pages int
	fault string
	reads *int
}

func newToy(fault string) toy { return toy{pages: 4, fault: fault, reads: new(int)} }

func (t toy) Streams() []pipeline.Stream {
	if t.fault == "declares the stream" {
		return nil
	}
	return []pipeline.Stream{{Name: "things"}}
}

func (t toy) page(i int) []pipeline.Record {
	if t.fault == "reads the same again" && *t.reads == 2 && i == 0 {
		return nil
	}
	if t.fault == "reads everything" {
		return []pipeline.Record{{Key: "always the same", Body: []byte(`{}`)}}
	}
	return []pipeline.Record{{Key: fmt.Sprint(i, "a"), Body: []byte(`{}`)}, {Key: fmt.Sprint(i, "b"), Body: []byte(`{}`)}}
}

func (t toy) Extract(ctx context.Context, stream string, _ pipeline.Window, emit func([]pipeline.Record) error) error {
	return t.from(ctx, stream, 0, func(page []pipeline.Record, _ string) error { return emit(page) })
}

func (t toy) from(ctx context.Context, stream string, first int, emit func([]pipeline.Record, string) error) error {
	*t.reads++
	if stream != "things" && t.fault != "refuses an unknown stream" {
		return errors.New("unknown stream")
	}
	if t.fault == "emits one page at a time" {
		return t.atOnce(ctx, emit)
	}
	for i := first; i < t.pages; i++ {
		if err := ctx.Err(); err != nil {
			if t.fault == "stops when cancelled" {
				return nil
			}
			return err
		}
		if err := emit(t.page(i), strconv.Itoa(i+1)); err != nil && t.fault != "gives an error of emit back" {
			return err
		}
	}
	return nil
}

func (t toy) atOnce(ctx context.Context, emit func([]pipeline.Record, string) error) error {
	var wg sync.WaitGroup
	for i := range t.pages {
		wg.Go(func() { _ = emit(t.page(i), strconv.Itoa(i+1)) })
	}
	wg.Wait()
	return ctx.Err()
}

// resumer is a toy that can go on.
type resumer struct{ toy }

func (r resumer) Resume(ctx context.Context, stream string, _ pipeline.Window, cursor string, emit func([]pipeline.Record, string) error) error {
	first, err := strconv.Atoi(cursor)
	if err != nil || first < 0 || first > r.pages {
		if r.fault == "begins again on a cursor it does not know" && cursor != "" {
			return errors.New("unknown cursor")
		}
		first = 0
	}
	switch r.fault {
	case "resumes too late":
		first = min(first*2, r.pages)
	case "never resumes":
		first = 0
	case "has no cursor":
		return r.from(ctx, stream, first, func(page []pipeline.Record, _ string) error { return emit(page, "") })
	}
	return r.from(ctx, stream, first, emit)
}

var all = Case{Stream: "things", Want: 8}

func TestAnHonestExtractorPasses(t *testing.T) {
	Run(t, newToy(""), all)
	Run(t, resumer{newToy("")}, all)
}

// broken gives the names of the promises that an extractor breaks.
func broken(t *testing.T, x pipeline.Extractor) []string {
	t.Helper()
	var names []string
	for _, p := range promises {
		if p.kept(t.Context(), x, all) != nil {
			names = append(names, p.name)
		}
	}
	return names
}

func TestEveryPromiseCanBeBroken(t *testing.T) {
	for _, p := range promises {
		if p.name == "resumes from every cursor" || p.name == "emits one page at a time" {
			continue // below
		}
		if p.kept(t.Context(), resumer{newToy(p.name)}, all) == nil {
			t.Errorf("an extractor that breaks %q passes", p.name)
		}
	}
}

func TestBrokenCursorsAreFound(t *testing.T) {
	for _, fault := range []string{"resumes too late", "never resumes", "has no cursor"} {
		if got := broken(t, resumer{newToy(fault)}); !slices.Contains(got, "resumes from every cursor") {
			t.Errorf("%s: only %q were found broken", fault, got)
		}
	}
}

func TestOverlappingPagesAreFound(t *testing.T) {
	x := newToy("emits one page at a time")
	if emitsInTurn(t.Context(), x, all) == nil {
		t.Error("pages emitted at once pass")
	}
}
