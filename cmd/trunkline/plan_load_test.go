package main

import (
	"fmt"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	shared "trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

// Days that go by the tables of one run ask the warehouse once, and what is not known of a part is not known of the whole.
func TestTheLoadOfARunIsPlannedOnce(t *testing.T) {
	t.Parallel()
	asked := 0
	some, much := int64(7), 0.5
	p := loadPlanner{
		name: "w", made: map[string]*plannedLoad{},
		batches: func(run string) ([]pipeline.Batch, error) {
			if run != "b" {
				return nil, fmt.Errorf("read %s: %w", run, fs.ErrNotExist)
			}
			return []pipeline.Batch{{ID: "1"}, {ID: "2"}}, nil
		},
		plan: func(b pipeline.Batch) (shared.Planned, error) {
			asked++
			planned := shared.Planned{Statements: []string{"s"}, Upload: 3, Billed: &some}
			if b.ID == "1" {
				planned.Price = &much
			}
			return planned, nil
		},
	}
	for _, runs := range [][]string{{"a", "b", "c"}, {"a", "b", "d"}, {"a", "b", "c", "d"}} {
		load, err := p.newest(runs)
		if err != nil || load == nil {
			t.Fatal(load, err)
		}
		got := []any{load.Of, load.Batches, load.Statements, load.Upload, *load.Billed, load.Price == nil}
		if diff := cmp.Diff([]any{"b", 2, 2, int64(6), int64(14), true}, got); diff != "" {
			t.Error(diff)
		}
	}
	if asked != 2 {
		t.Errorf("the warehouse was asked %d times, want 2", asked)
	}
	if load, err := p.newest([]string{"a"}); load != nil || err != nil {
		t.Errorf("without tables: %v, %v", load, err)
	}
}
