package main

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// plannedRun is what a run would do.
type plannedRun struct {
	Run    string          `json:"run"`
	Day    string          `json:"day"`
	Window pipeline.Window `json:"window"`
	Hours  float64         `json:"hours"`
	Steps  []plannedStep   `json:"steps"`
}

// plannedStep is what a step would do. What it would cost is taken from the newest run that did it.
type plannedStep struct {
	Step    string            `json:"step"`
	State   string            `json:"state"` // done or to do
	Calls   *int64            `json:"expected_calls,omitempty"`
	Records *int64            `json:"expected_rows,omitempty"`
	Took    time.Duration     `json:"expected_ns,omitempty"`
	Again   []pipeline.Window `json:"again,omitempty"` // older windows that an extract reads again
	Load    *plannedLoad      `json:"load,omitempty"`  // what load/warehouse would send

	days []string // that it reads again
}

// newPlan is the command that tells what run would do.
func newPlan(a *app) *cobra.Command {
	var f scopeFlags
	var statements bool
	cmd := &cobra.Command{
		Use: "plan", Short: "Tell what run would do: days, steps, expected calls, statements and bytes; writes nothing", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			windows, err := f.windows(a.now(), c.Organisation.location)
			if err != nil {
				return err
			}
			flow, err := c.flow(f.intraday)
			if err != nil {
				return err
			}
			var runs []plannedRun
			err = c.withStore(cmd.Context(), func(s store.Locked) (err error) {
				if runs, err = plan(flow, s, windows, f); err != nil {
					return err
				}
				return planLoads(cmd.Context(), c, s, flow, runs)
			})
			if err != nil {
				return err
			}
			if a.flags.output == "json" {
				return writeJSON(a.stdout, runs)
			}
			for _, r := range runs {
				if statements {
					r.printStatements(a)
				} else if err := r.print(a); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f.register(cmd.Flags())
	cmd.Flags().BoolVar(&statements, "sql", false, "write every statement that the warehouse would get instead")
	a.outputFlag(cmd, "text", "json")
	return cmd
}

// plan works out what runs over windows would do.
func plan(flow *pipeline.Flow, store pipeline.Store, windows []pipeline.Window, f scopeFlags) ([]plannedRun, error) {
	steps, err := within(flow, f.sources)
	if err != nil {
		return nil, err
	}
	earlier, err := pipeline.Runs(store, flow.Name)
	if err != nil {
		return nil, err
	}
	var runs []plannedRun
	for i, w := range windows {
		run, err := pipeline.NewRun(flow, store, w, pipeline.Options{})
		if err != nil {
			return nil, err
		}
		r := plannedRun{
			Run: run.ID(), Day: dateOf(w.From.In(flow.Location)).String(), Window: w, Hours: w.To.Sub(w.From).Hours(),
		}
		for _, s := range steps {
			p, err := planStep(store, r.Run, s.Name, earlier)
			if err != nil {
				return nil, err
			}
			if f.again || f.intraday {
				p.State = "to do"
			}
			if err := p.rereads(run, windows[:i], flow.Location); err != nil {
				return nil, err
			}
			r.Steps = append(r.Steps, p)
		}
		runs = append(runs, r)
	}
	return runs, nil
}

func planStep(store pipeline.Store, run, step string, earlier []string) (plannedStep, error) {
	p := plannedStep{Step: step, State: "done"}
	_, err := pipeline.ReadManifest(store, run, step)
	if err == nil {
		return p, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	p.State = "to do"
	for _, run := range slices.Backward(earlier) {
		m, err := pipeline.ReadManifest(store, run, step)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return p, err
		}
		rows := m.Counters[pipeline.CountOut]
		p.Records, p.Took = &rows, m.Finished.Sub(m.Started)
		if calls, ok := m.Counters[pipeline.CountCalls]; ok {
			p.Calls = &calls
		}
		return p, nil
	}
	return p, nil
}

// rereads notes which older windows an extract that is to do would read again. Those that an earlier run of the plan reads need no
// second reading.
func (p *plannedStep) rereads(run *pipeline.Run, earlier []pipeline.Window, loc *time.Location) error {
	if p.State == "done" || !strings.HasPrefix(p.Step, pipeline.StageExtract+"/") {
		return nil
	}
	windows, err := run.Rereads(p.Step)
	if err != nil {
		return err
	}
	for _, w := range windows {
		if !slices.Contains(earlier, w) {
			p.Again = append(p.Again, w)
			p.days = append(p.days, dateOf(w.From.In(loc)).String())
		}
	}
	return nil
}

// print tells a person.
func (r plannedRun) print(a *app) error {
	a.print("%s  business day %s: %s to %s (%g h)\n", r.Run, r.Day,
		r.Window.From.Format(time.RFC3339), r.Window.To.Format(time.RFC3339), r.Hours)
	g := grid{columns: []string{"step", "state", "expected calls", "expected rows", "expected time"}}
	for _, s := range r.Steps {
		var calls, rows, time any
		if s.Calls != nil {
			calls = *s.Calls
		}
		if s.Records != nil {
			rows, time = *s.Records, took(s.Took.Milliseconds())
		}
		g.add(s.Step, s.State, calls, rows, time)
	}
	if err := g.writeTable(a.stdout); err != nil {
		return err
	}
	for _, s := range r.Steps {
		if len(s.days) > 0 {
			a.print("%s reads again: %s\n", s.Step, strings.Join(s.days, ", "))
		}
		if s.Load != nil {
			s.Load.print(a, r)
		}
	}
	if !strings.Contains(r.states(), "done") {
		a.print("expected figures are those of the newest run that did the step; – is not known yet\n")
	}
	return nil
}

// printStatements writes what the warehouse would get.
func (r plannedRun) printStatements(a *app) {
	for _, s := range r.Steps {
		if s.Load != nil {
			s.Load.printStatements(a)
		}
	}
}

func (r plannedRun) states() string {
	var b strings.Builder
	for _, s := range r.Steps {
		b.WriteString(s.State + "\n")
	}
	return b.String()
}
