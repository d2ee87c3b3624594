package main

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// newRuns is the command that lists runs, or the steps of one.
func newRuns(a *app) *cobra.Command {
	var log bool
	cmd := &cobra.Command{
		Use: "runs [RUN]", Short: "List the runs, or the steps of one: a run, or a business day of it",
		ValidArgsFunction: a.completeRuns,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return oneArg("a run")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			if log && len(args) == 0 {
				return misuse("trunkline runs lists them", "--log needs a run, or its business day")
			}
			return c.withStore(cmd.Context(), func(store store.Locked) error {
				if len(args) == 0 {
					return a.listRuns(cmd.Context(), c, store)
				}
				id, err := c.runOf(store, args[0])
				if err != nil {
					return err
				}
				if log {
					return a.showLog(c, store, id)
				}
				return a.showRun(cmd.Context(), c, store, id)
			})
		},
	}
	cmd.Flags().BoolVar(&log, "log", false, "show what each step of the run logged when it was last done")
	a.outputFlag(cmd, "table", "json")
	return cmd
}

// showLog prints the log of a run, a step after the other.
func (a *app) showLog(c *Config, s pipeline.Store, id string) error {
	steps, err := c.steps(false)
	if err != nil {
		return err
	}
	logs, err := readLogs(s, id, steps)
	if err != nil {
		return err
	}
	if len(logs) == 0 {
		return misuse("trunkline runs lists the runs", "there is no log of %s", id)
	}
	if a.flags.output == "json" {
		return writeJSON(a.stdout, logs)
	}
	for _, l := range logs {
		for _, line := range l.Lines {
			a.print("%s  %s  %-5s  %s\n", line.At.In(c.Organisation.location).Format(time.DateTime), l.Step, line.Level, line.Text)
		}
	}
	return nil
}

// runOf gives the id of the run that is meant: a run, or the nightly run whose window holds a business day.
func (c *Config) runOf(s pipeline.Store, text string) (string, error) {
	const cure = "trunkline runs lists them"
	var d Date
	if d.UnmarshalText([]byte(text)) == nil {
		id, err := c.runOfDay(s, d)
		if err == nil && id == "" {
			err = misuse(cure, "there is no run of business day %s", d)
		}
		return id, err
	}
	flow, _, err := pipeline.ParseRunID(text)
	if err != nil {
		return "", misuse(cure, "%v", err)
	}
	ids, err := pipeline.Runs(s, flow)
	if err == nil && !slices.Contains(ids, text) {
		err = misuse(cure, "there is no run %s", text)
	}
	return text, err
}

// runOfDay gives the nightly run of a business day, or else the newest of several days with that day among them; nothing if there is none.
func (c *Config) runOfDay(s pipeline.Store, d Date) (string, error) {
	nightly := pipeline.Flow{Name: flowNightly}
	own := dayWindow(d, c.Organisation.location)
	ids, err := pipeline.Runs(s, flowNightly)
	if err != nil {
		return "", err
	}
	for _, id := range slices.Backward(ids) {
		if id == nightly.RunID(own) {
			return id, nil
		}
		if id > nightly.RunID(own) {
			continue
		}
		w, err := c.windowOf(s, id)
		if err != nil {
			return "", err
		}
		if w.To.After(own.From) {
			return id, nil
		}
	}
	return "", nil
}

// completeRuns proposes the runs there are, newest first.
func (a *app) completeRuns(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := a.config()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	_ = c.withStore(cmd.Context(), func(store store.Locked) (err error) { // a shell has no use for an error
		ids, err = pipeline.Runs(store, flowNightly)
		return err
	})
	slices.Reverse(ids)
	return ids, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

func (a *app) listRuns(ctx context.Context, c *Config, store store.Locked) error {
	journeys, err := c.readJourneys(ctx, store, 0)
	if err != nil {
		return err
	}
	if a.flags.output == "json" {
		return writeJSON(a.stdout, journeys)
	}
	g := grid{columns: []string{"run", "day", "state", "steps", "records", "rejected", "published"}, spare: "published", zone: c.Organisation.location}
	for _, j := range journeys {
		var published any
		if !j.Published.IsZero() {
			published = j.Published
		}
		g.add(j.Run, j.Day, j.State, count(int64(j.Done))+"/"+count(int64(j.Of)), j.Records, j.Rejected, published)
	}
	return g.writeTable(a.stdout)
}

func (a *app) showRun(ctx context.Context, c *Config, store store.Locked, id string) error {
	steps, err := c.steps(false)
	if err != nil {
		return err
	}
	j, err := readJourney(ctx, store, id, steps, c.Organisation.location)
	if err != nil {
		return err
	}
	if j.Done == 0 {
		return misuse("trunkline runs lists them", "there is no run %s", id)
	}
	if a.flags.output == "json" {
		return writeJSON(a.stdout, struct {
			*journey
			Manifests []pipeline.Manifest `json:"manifests"`
		}{j, j.Steps})
	}
	a.print("%s  business day %s  %s\n", j.Run, j.Day, j.State)
	g := grid{columns: []string{"step", "rows", "rejected", "calls", "files", "began", "took"}, spare: "began", zone: c.Organisation.location}
	for _, m := range j.Steps {
		g.add(m.Step, m.Counters[pipeline.CountOut], m.Counters[pipeline.CountRejected], m.Counters[pipeline.CountCalls],
			int64(len(m.Files)), m.Started, took(m.Finished.Sub(m.Started).Milliseconds()))
	}
	return g.writeTable(a.stdout)
}
