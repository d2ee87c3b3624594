package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"trunkline/loaders/duckdb"
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
			where := duckdb.Config{Published: database}
			if database == "" {
				c, err := a.config()
				if err != nil {
					return err
				}
				if c.Warehouse.DuckDB == nil {
					return misuse("Ask the warehouse with its own tools", "no DuckDB warehouse is configured")
				}
				where = duckdbConfig(c)
			}
			g, err := ask(cmd.Context(), where, args[0])
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

// ask gives the answer to a query of a published database.
func ask(ctx context.Context, where duckdb.Config, query string) (*grid, error) {
	g := &grid{}
	err := duckdb.Query(ctx, where, query, g)
	var known *pipeline.Error
	if err != nil && ctx.Err() == nil && !errors.As(err, &known) {
		err = &pipeline.Error{
			Code: "TL1009", Kind: pipeline.Misuse, What: "ask " + where.Published, Err: err,
			Cure: "Correct the query; \"show tables\" lists what there is",
		}
	}
	return g, err
}

// Columns takes the columns of an answer.
func (g *grid) Columns(columns []duckdb.Column) error {
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
