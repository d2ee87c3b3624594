package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"

	driverduckdb "github.com/duckdb/duckdb-go/v2"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// PublishedAs is the name under which a Reader has the published file.
const PublishedAs = "published"

// Reader opens the published file for many who read it at once. Its tables and views are in the database "published", which cannot be
// written; beside it is an empty one in memory, for what is derived from them. Nothing else can be reached: no other file, no
// network; a query that needs more than the memory limit fails, and writes nothing to the disk. A file that is published later is another one: open that too, and close this when its readers are done.
func Reader(ctx context.Context, c Config) (*sql.DB, error) {
	if _, err := os.Stat(c.Published); err != nil {
		return nil, Unpublished(c, err)
	}
	memory := c.MemoryLimit
	if memory == "" {
		memory = defaultMemory
	}
	options := url.Values{
		"autoinstall_known_extensions": {"false"}, "autoload_known_extensions": {"false"}, "memory_limit": {memory},
		"temp_directory": {""},
	}
	connector, err := driverduckdb.NewConnector("?"+options.Encode(), func(e driver.ExecerContext) error {
		_, err := e.ExecContext(ctx, "set TimeZone = 'UTC'", nil)
		return err
	})
	if err != nil {
		return nil, unopened(c.Published, err)
	}
	db := sql.OpenDB(connector)
	for _, set := range []string{
		"attach " + statements.DuckDB().Literal(c.Published) + " as " + PublishedAs + " (read_only)",
		"set enable_external_access = false",
	} {
		if _, err := db.ExecContext(ctx, set); err != nil {
			return nil, errors.Join(unopened(c.Published, err), db.Close())
		}
	}
	return db, nil
}

// Unpublished is the error that says that there is nothing to read.
func Unpublished(c Config, err error) error {
	return &pipeline.Error{
		Code: "TL6005", Kind: pipeline.Misuse, What: "query " + c.Published + ": nothing is published there",
		Cure: "Run: trunkline run; its last step publishes", Err: err,
	}
}

// unspilled lets a query fail that needs more than the memory limit. Else DuckDB would fill most of the disk below the working
// directory, at the word of anyone who may ask.
const unspilled = "set temp_directory = ''"

// Select is Query for those who may do nothing but read: it refuses every statement that is no select before it is begun, and one that
// needs more than the memory limit fails.
func Select(ctx context.Context, c Config, query string, to warehouse.Answer) error {
	return asking(ctx, c, func(conn *sql.Conn) error {
		if err := onlySelects(ctx, conn, query); err != nil {
			return err
		}
		return answer(ctx, conn, query, to)
	}, query, unspilled)
}

// Export writes the answer to a select to a Parquet file, which must not be there yet. The types are those of the columns.
// It fails as Select does.
func Export(ctx context.Context, c Config, query, path string) error {
	literal := statements.DuckDB().Literal
	return asking(ctx, c, func(conn *sql.Conn) error {
		if err := onlySelects(ctx, conn, query); err != nil {
			return err
		}
		_, err := conn.ExecContext(ctx, "copy (\n"+query+"\n) to "+literal(path)+" (format parquet, compression zstd)")
		if err != nil {
			return fmt.Errorf("query: %w", err)
		}
		return nil
	}, query, unspilled, "set allowed_paths = ["+literal(path)+"]")
}

// onlySelects refuses what is no select. DuckDB itself says what kind a statement is of.
func onlySelects(ctx context.Context, conn *sql.Conn, query string) error {
	var kind driverduckdb.StmtType
	err := conn.Raw(func(raw any) error {
		c, ok := raw.(*driverduckdb.Conn)
		if !ok {
			return fmt.Errorf("query: %T is no connection of DuckDB", raw)
		}
		prepared, err := c.PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		s, ok := prepared.(*driverduckdb.Stmt)
		if !ok {
			return errors.Join(fmt.Errorf("query: %T is no statement of DuckDB", prepared), prepared.Close())
		}
		kind, err = s.StatementType()
		return errors.Join(err, s.Close())
	})
	if err != nil {
		return explainMissing(ctx, conn, err)
	}
	if kind != driverduckdb.STATEMENT_TYPE_SELECT {
		return &pipeline.Error{
			Code: "TL1009", Kind: pipeline.Misuse, What: "query: only a select is answered here, and this is none",
			Cure: "Ask with: select … from …",
		}
	}
	return nil
}
