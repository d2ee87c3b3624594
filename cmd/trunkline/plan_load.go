package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"

	"trunkline/pipeline"
)

// plannedLoad is what loading would ask of the warehouse: of the run's own tables where they are made, or else of those of the newest run
// that made them.
type plannedLoad struct {
	Warehouse  string   `json:"warehouse"`
	Of         string   `json:"of_run"` // whose tables
	Batches    int      `json:"batches"`
	Statements int      `json:"statements"`
	Upload     int64    `json:"upload_bytes"`
	Billed     *int64   `json:"billed_bytes,omitempty"` // null where the warehouse does not bill by the byte
	Price      *float64 `json:"price_usd,omitempty"`

	texts []plannedBatch
}

// plannedBatch is the statements of one batch.
type plannedBatch struct {
	id         string
	statements []string
}

// planLoads adds to runs what their loading would ask of the warehouse.
func planLoads(ctx context.Context, c *Config, store pipeline.Store, flow *pipeline.Flow, runs []plannedRun) error {
	steps, err := flow.Steps()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(steps, func(s pipeline.Step) bool { return s.Name == pipeline.LoadStep })
	if i < 0 {
		return nil
	}
	earlier, err := pipeline.Runs(store, flow.Name)
	if err != nil {
		return err
	}
	for _, r := range runs {
		for j := range r.Steps {
			s := &r.Steps[j]
			if s.Step != pipeline.LoadStep || s.State == "done" {
				continue
			}
			if s.Load, err = planLoad(ctx, c, store, steps[i], append(slices.Clone(earlier), r.Run)); err != nil {
				return err
			}
		}
	}
	return nil
}

// planLoad asks the warehouse's loader what a load step would send. There is nothing to tell, and nil, before any run made tables.
func planLoad(ctx context.Context, c *Config, store pipeline.Store, step pipeline.Step, runs []string) (*plannedLoad, error) {
	w, err := c.oneWarehouse()
	if err != nil {
		return nil, err
	}
	for _, run := range slices.Backward(runs) {
		batches, err := pipeline.Batches(store, run, step)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		load := plannedLoad{Warehouse: w.name, Of: run, Batches: len(batches)}
		for _, b := range batches {
			if err := load.add(ctx, c, w, b); err != nil {
				return nil, err
			}
		}
		return &load, nil
	}
	return nil, nil
}

func (l *plannedLoad) add(ctx context.Context, c *Config, w warehouse, b pipeline.Batch) error {
	planned, err := w.plan(ctx, c, b)
	if err != nil {
		return err
	}
	l.Statements += len(planned.Statements)
	l.Upload += planned.Upload
	l.Billed, l.Price = sum(l.Billed, planned.Billed), sum(l.Price, planned.Price)
	l.texts = append(l.texts, plannedBatch{b.ID, planned.Statements})
	return nil
}

// sum adds what is known; nothing known is not nothing.
func sum[N int64 | float64](a, b *N) *N {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	n := *a + *b
	return &n
}

// print tells a person.
func (l *plannedLoad) print(a *app, r plannedRun) {
	a.print("load/warehouse: %s gets %d batches in %d statements, %.1f MB uploaded", l.Warehouse, l.Batches, l.Statements, float64(l.Upload)/1e6)
	if l.Billed != nil {
		a.print(", %.1f MB billed", float64(*l.Billed)/1e6)
	}
	if l.Price != nil {
		a.print(", about $%.4f", *l.Price)
	}
	if l.Of != r.Run {
		a.print(" (as for the tables of %s)", l.Of)
	}
	a.print("\n")
}

// printStatements writes every statement, batch by batch.
func (l *plannedLoad) printStatements(a *app) {
	for _, b := range l.texts {
		a.print("-- %s\n", b.id)
		for _, s := range b.statements {
			a.print("%s;\n\n", s)
		}
	}
}
