package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
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
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = e.dialect.Quote(c.Name) + " " + e.dialect.Type(c)
	}
	_, name, _ := strings.Cut(e.dialect.Batch, ".")
	err := warehouse.Execute(ctx, tx,
		"drop table if exists "+e.dialect.Batch,
		fmt.Sprintf("%s %s (\n    %s integer,\n    %s bigint,\n    %s\n)%s", e.dialect.Temporary, name, e.dialect.File, e.dialect.Row,
			strings.Join(columns, ",\n    "), e.dialect.OnCommit))
	if err != nil {
		return err
	}
	for i, f := range files {
		if err := e.copyFile(ctx, t, f, i); err != nil {
			return fmt.Errorf("copy %s: %w", f.URI, err)
		}
	}
	asked := []string{e.dialect.File, e.dialect.Row} // of what the merge asks; a hundred columns would take longer than the merge
	for _, key := range t.Keys() {
		asked = append(asked, e.dialect.Quote(key))
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("%s %s (%s)", e.dialect.Statistics, e.dialect.Batch, strings.Join(asked, ", ")))
	return err
}

// copyFile sends the rows of one file. The transaction is that of the connection.
func (e engine) copyFile(ctx context.Context, t *schema.Table, f pipeline.File, number int) (err error) {
	file, err := os.Open(f.URI)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	rows, err := t.NewReader(file, info.Size())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	schemaName, name, _ := strings.Cut(e.dialect.Batch, ".")
	columns := []string{e.dialect.File, e.dialect.Row}
	for _, c := range t.Columns {
		columns = append(columns, c.Name)
	}
	return e.conn.Raw(func(driverConn any) error {
		conn := driverConn.(*stdlib.Conn).Conn()
		_, err := conn.CopyFrom(ctx, pgx.Identifier{schemaName, name}, columns, &source{
			table: t, rows: rows, batch: make([]schema.Row, 1000), values: make([]any, len(columns)), file: int32(number),
		})
		return err
	})
}

// source gives the rows of a file to COPY.
type source struct {
	table  *schema.Table
	rows   *schema.RowReader
	batch  []schema.Row
	at, n  int // in the batch
	row    int64
	file   int32
	values []any
	err    error
	ended  bool
}

// Next goes on to the next row.
func (s *source) Next() bool {
	for s.at++; s.at >= s.n; {
		if s.ended {
			return false
		}
		s.n, s.err = s.rows.Read(s.batch)
		s.at, s.ended = 0, s.err != nil
		if s.err != nil && !errors.Is(s.err, io.EOF) {
			return false
		}
		s.err = nil
	}
	s.row++
	return true
}

// Values gives its values.
func (s *source) Values() ([]any, error) {
	s.values[0], s.values[1] = s.file, s.row
	for i, c := range s.table.Columns {
		s.values[2+i] = schema.Value(s.batch[s.at], c)
	}
	return s.values, nil
}

// Err tells why there is no next row, if that is not the end.
func (s *source) Err() error { return s.err }

// Set sets a setting of the transaction.
func (engine) Set(ctx context.Context, tx *sql.Tx, name string, value any) error {
	text, err := setting(value)
	if err == nil {
		_, err = tx.ExecContext(ctx, "select set_config($1, $2, true)", "trunkline."+name, text)
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
