package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	shared "trunkline/loaders/warehouse"
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
	w, err := c.oneWarehouse()
	if err != nil {
		return err
	}
	p := loadPlanner{
		name: w.name, made: map[string]*plannedLoad{},
		batches: func(run string) ([]pipeline.Batch, error) { return pipeline.Batches(store, run, steps[i]) },
		plan:    func(b pipeline.Batch) (shared.Planned, error) { return w.plan(ctx, c, b) },
	}
	for _, r := range runs {
		for j := range r.Steps {
			s := &r.Steps[j]
			if s.Step != pipeline.LoadStep || s.State == "done" {
				continue
			}
			if s.Load, err = p.newest(append(slices.Clone(earlier), r.Run)); err != nil {
				return err
			}
		}
	}
	return nil
}

// loadPlanner asks a warehouse's loader what load steps would send, once for the tables of each run: many days may go by those of one.
type loadPlanner struct {
	name    string
	batches func(run string) ([]pipeline.Batch, error) // fs.ErrNotExist if it made no tables
	plan    func(pipeline.Batch) (shared.Planned, error)
	made    map[string]*plannedLoad // by run
}

// newest plans with the tables of the last run that made any. There is nothing to tell, and nil, if none did.
func (p *loadPlanner) newest(runs []string) (*plannedLoad, error) {
	for _, run := range slices.Backward(runs) {
		if load, ok := p.made[run]; ok {
			return load, nil
		}
		batches, err := p.batches(run)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		load := &plannedLoad{Warehouse: p.name, Of: run, Batches: len(batches)}
		var billed []*int64
		var prices []*float64
		for _, b := range batches {
			planned, err := p.plan(b)
			if err != nil {
				return nil, err
			}
			load.Statements += len(planned.Statements)
			load.Upload += planned.Upload
			billed, prices = append(billed, planned.Billed), append(prices, planned.Price)
			load.texts = append(load.texts, plannedBatch{b.ID, planned.Statements})
		}
		load.Billed, load.Price = sum(billed), sum(prices)
		p.made[run] = load
		return load, nil
	}
	return nil, nil
}

// sum adds numbers. It is not known, and nil, unless each of them is.
func sum[N int64 | float64](all []*N) *N {
	if len(all) == 0 {
		return nil
	}
	var total N
	for _, n := range all {
		if n == nil {
			return nil
		}
		total += *n
	}
	return &total
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
