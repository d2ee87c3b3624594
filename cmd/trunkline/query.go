package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"trunkline/loaders/duckdb"
	shared "trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

// newQuery is the command that asks the published tables.
func newQuery(a *app) *cobra.Command {
	var database string
	cmd := &cobra.Command{
		Use: "query SQL", Short: "Ask the published tables and views; never writes", Args: oneArg("a query"),
		Example: `  trunkline query "select * from escalation_by_tier"
  trunkline query "select * from queue_performance_daily" -o csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := a.answer(cmd.Context(), database, args[0])
			if err != nil {
				return err
			}
			return g.write(a.stdout, a.flags.output)
		},
	}
	cmd.Flags().StringVar(&database, "database", "", "another published database `file`")
	a.outputFlag(cmd, "table", "json", "jsonl", "csv")
	return cmd
}

// answer asks a published database file or, if none is named, the warehouse that is configured.
func (a *app) answer(ctx context.Context, database, query string) (*grid, error) {
	if database != "" {
		return ask(ctx, duckdb.Config{Published: database}, query)
	}
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	w, err := c.oneWarehouse()
	if err != nil {
		return nil, err
	}
	g := &grid{}
	return g, asked(ctx, w.name, w.ask(ctx, c, query, g))
}

// ask gives the answer to a query of a published database file.
func ask(ctx context.Context, where duckdb.Config, query string) (*grid, error) {
	g := &grid{}
	return g, asked(ctx, where.Published, duckdb.Query(ctx, where, query, g))
}

// asked makes of what a warehouse has against a query an error that a person can act on.
func asked(ctx context.Context, where string, err error) error {
	if _, known := errors.AsType[*pipeline.Error](err); err == nil || known || ctx.Err() != nil {
		return err
	}
	return &pipeline.Error{
		Code: "TL1009", Kind: pipeline.Misuse, What: "ask " + where, Err: err,
		Cure: "Correct the query; docs/data-dictionary.md tells what there is",
	}
}

// Columns takes the columns of an answer.
func (g *grid) Columns(columns []shared.Heading) error {
	for _, c := range columns {
		g.columns = append(g.columns, c.Name)
	}
	return nil
}

// Row takes a row of an answer.
func (g *grid) Row(values []any) error {
	g.rows = append(g.rows, slices.Clone(values))
	return nil
}
