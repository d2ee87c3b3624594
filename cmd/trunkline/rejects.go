package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
	"trunkline/schema"
)

// newRejects is the command about records that could not become rows.
func newRejects(a *app) *cobra.Command {
	parent := &cobra.Command{
		Use: "rejects", Short: "List records that could not become rows, show one, or try them again", Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	var all bool
	list := &cobra.Command{
		Use: "list [RUN | DAY]", Short: "List the rejects of a run, or of a day's; of the last one unless told", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.listRejects(cmd.Context(), strings.Join(args, ""), all)
		},
	}
	list.Flags().BoolVar(&all, "all", false, "also those that were resolved")
	a.outputFlag(list, "table", "json", "jsonl", "csv")
	var run string
	show := &cobra.Command{
		Use: "show KEY", Short: "Print a reject's payload as it was received", Args: oneArg("the key of a reject"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.showReject(cmd.Context(), run, args[0]) },
	}
	show.Flags().StringVar(&run, "run", "", "the `run` that met it; the last one unless told")
	parent.AddCommand(list, show, newRejectsRetry(a))
	return parent
}

// eachReject gives the rejects of a run, of the last one if id is empty.
func (a *app) eachReject(ctx context.Context, id string, give func(*schema.Reject) error) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	return c.withStore(ctx, func(store store.Locked) error { return c.rejects(store, id, give) })
}

// rejects gives the rejects of a run, or of a day's, or of the last one.
func (c *Config) rejects(store pipeline.Store, id string, give func(*schema.Reject) error) error {
	id, err := c.rejectsOf(store, id)
	if err != nil {
		return err
	}
	for r, err := range pipeline.Rejects(store, id) {
		if err != nil {
			return err
		}
		if err := give(r); err != nil {
			return err
		}
	}
	return nil
}

// rejectsOf gives the id of the run that is meant: a run, the run of a day, or the last one if nothing is said.
func (c *Config) rejectsOf(store pipeline.Store, text string) (string, error) {
	if text == "" {
		ids, err := pipeline.Runs(store, flowNightly)
		if err != nil {
			return "", err
		}
		if len(ids) == 0 {
			return "", misuse("Begin with: trunkline run", "there is no run yet")
		}
		return ids[len(ids)-1], nil
	}
	return c.runOf(store, text)
}

func (a *app) listRejects(ctx context.Context, id string, all bool) error {
	g := grid{columns: []string{"source", "entity", "key", "reason", "message", "payload"}}
	if all {
		g.columns = append(g.columns, "resolved")
	}
	err := a.eachReject(ctx, id, func(r *schema.Reject) error {
		cells := []any{r.Source, r.Entity, r.NaturalKey, r.ReasonCode, r.Message, r.PayloadRef}
		switch {
		case all && r.ResolvedAt != nil:
			g.add(append(cells, *r.ResolvedAt)...)
		case all:
			g.add(append(cells, nil)...)
		case r.ResolvedAt == nil:
			g.add(cells...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.write(a.stdout, a.flags.output)
}

func (a *app) showReject(ctx context.Context, id, key string) error {
	errFound := errors.New("found")
	err := a.eachReject(ctx, id, func(r *schema.Reject) error {
		if r.NaturalKey != key {
			return nil
		}
		if r.ResolvedAt != nil {
			a.printErr("%s.%s %s: resolved %s; the record is in %s\n", r.Source, r.Entity, r.NaturalKey,
				r.ResolvedAt.UTC().Format(time.RFC3339), r.PayloadRef)
			return errFound
		}
		a.printErr("%s.%s %s: %s: %s (%s)\n", r.Source, r.Entity, r.NaturalKey, r.ReasonCode, r.Message, r.PayloadRef)
		a.print("%s\n", r.Payload)
		return errFound
	})
	if errors.Is(err, errFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return misuse("trunkline rejects list shows them", "there is no reject with key %q", key)
}
