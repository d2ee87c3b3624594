package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// engine is PostgreSQL as a warehouse.Engine.
type engine struct {
	dialect statements.Dialect
	conn    *sql.Conn
}

// Stage copies the files' rows into a temporary table that goes with the transaction.
func (e engine) Stage(ctx context.Context, tx *sql.Tx, t *schema.Table, files []pipeline.File) error {
	if err := warehouse.Execute(ctx, tx, e.staging(t)...); err != nil {
		return err
	}
	for i, f := range files {
		if err := e.copyFile(ctx, t, f, i); err != nil {
			return fmt.Errorf("copy %s: %w", f.URI, err)
		}
	}
	return warehouse.Execute(ctx, tx, e.analysis(t))
}

// staging gives the statements that make the table anew.
func (e engine) staging(t *schema.Table) []string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = e.dialect.Quote(c.Name) + " " + e.dialect.Type(c)
	}
	_, name, _ := strings.Cut(e.dialect.Batch, ".")
	return []string{
		"drop table if exists " + e.dialect.Batch,
		fmt.Sprintf("%s %s (\n    %s integer,\n    %s bigint,\n    %s\n)%s", e.dialect.Temporary, name, e.dialect.File, e.dialect.Row,
			strings.Join(columns, ",\n    "), e.dialect.OnCommit),
	}
}

// copying gives the statement that takes the rows of one file.
func (e engine) copying(t *schema.Table) string {
	columns := []string{e.dialect.File, e.dialect.Row}
	for _, c := range t.Columns {
		columns = append(columns, e.dialect.Quote(c.Name))
	}
	return fmt.Sprintf("copy %s (%s) from stdin (format binary)", e.dialect.Batch, strings.Join(columns, ", "))
}

// analysis gives the statement that looks at the table: at what the merge asks, for a hundred columns would take longer than the merge.
func (e engine) analysis(t *schema.Table) string {
	asked := []string{e.dialect.File, e.dialect.Row}
	for _, key := range t.Keys() {
		asked = append(asked, e.dialect.Quote(key))
	}
	return fmt.Sprintf("%s %s (%s)", e.dialect.Statistics, e.dialect.Batch, strings.Join(asked, ", "))
}

// copyFile sends the rows of one file. The transaction is that of the connection.
func (e engine) copyFile(ctx context.Context, t *schema.Table, f pipeline.File, number int) error {
	return warehouse.WithRows(t, f, func(rows *schema.RowReader) error {
		return e.conn.Raw(func(driverConn any) error {
			return send(ctx, driverConn.(*stdlib.Conn).Conn().PgConn(), e.copying(t), newCopyStream(t, rows, int32(number)))
		})
	})
}

// send lets a connection copy a stream. The stream is no longer read when it returns: the driver alone would go on reading it after the
// connection has failed, so it gets the end of a pipe.
func send(ctx context.Context, conn *pgconn.PgConn, statement string, stream io.Reader) error {
	taken, given := io.Pipe()
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, err := io.Copy(given, stream)
		_ = given.CloseWithError(err) // never fails; no error is the end
	}()
	_, err := conn.CopyFrom(ctx, taken, statement)
	_ = taken.Close() // whoever still gives is told; never fails
	<-read
	return err
}

const setParameter = "select set_config($1, $2, true)"

// Set sets a setting of the transaction.
func (engine) Set(ctx context.Context, tx *sql.Tx, name string, value any) error {
	text, err := setting(value)
	if err == nil {
		_, err = tx.ExecContext(ctx, setParameter, "trunkline."+name, text)
	}
	if err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}

// setting writes a value as a setting; an empty one stands for NULL.
func setting(value any) (string, error) {
	switch value := value.(type) {
	case nil:
		return "", nil
	case string:
		return value, nil
	case float64:
		return strconv.FormatFloat(value, 'g', -1, 64), nil
	case time.Time:
		return value.UTC().Format("2006-01-02 15:04:05.000000"), nil
	case []string:
		if value == nil {
			value = []string{}
		}
		text, err := pgtype.NewMap().Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, value, nil)
		return string(text), err
	default:
		return "", fmt.Errorf("a parameter cannot be %T", value)
	}
}
