package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net/url"
	"os"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/spf13/cobra"

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
			if database == "" {
				c, err := a.config()
				if err != nil {
					return err
				}
				if c.Warehouse.DuckDB == nil {
					return misuse("Ask the warehouse with its own tools", "no DuckDB warehouse is configured")
				}
				database = c.abs(c.Warehouse.DuckDB.Published)
			}
			g, err := ask(cmd.Context(), database, args[0])
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

// ask runs a query on a database file that nothing can be written through: not to it, and not to any other file.
func ask(ctx context.Context, file, query string) (g *grid, err error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, &pipeline.Error{
			Code: "TL1007", Kind: pipeline.Misuse, What: "open " + file, Err: fs.ErrNotExist,
			Cure: "Nothing is published yet; begin with: trunkline run",
		}
	}
	options := url.Values{
		"access_mode": {"READ_ONLY"}, "enable_external_access": {"false"}, "lock_configuration": {"true"},
		"autoinstall_known_extensions": {"false"}, "autoload_known_extensions": {"false"},
	}
	connector, err := duckdb.NewConnector(file+"?"+options.Encode(), nil)
	if err != nil {
		return nil, &pipeline.Error{Code: "TL1008", Kind: pipeline.Failure, What: "open " + file, Err: err}
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, &pipeline.Error{
			Code: "TL1009", Kind: pipeline.Misuse, What: "ask " + file, Err: err,
			Cure: "Correct the query; \"show tables\" lists what there is",
		}
	}
	defer func() { _ = rows.Close() }()
	return collect(rows)
}

// collect reads all rows of an answer.
func collect(rows *sql.Rows) (*grid, error) {
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	g := &grid{columns: columns}
	for rows.Next() {
		cells, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		for i := range cells {
			cells[i] = plainValue(cells[i])
		}
		g.rows = append(g.rows, cells)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return g, nil
}

// plainValue makes of a driver's value one of those that a grid has.
func plainValue(v any) any {
	switch v := v.(type) {
	case nil, bool, int64, float64, string, time.Time:
		return v
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case float32:
		return float64(v)
	case []byte:
		return string(v)
	case duckdb.Decimal:
		return v.Float64()
	case *big.Int:
		if v.IsInt64() {
			return v.Int64()
		}
		return v.String()
	default:
		return fmt.Sprint(v)
	}
}
