package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

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
	columns := []string{e.dialect.File, e.dialect.Row}
	for _, c := range t.Columns {
		columns = append(columns, e.dialect.Quote(c.Name))
	}
	statement := fmt.Sprintf("copy %s (%s) from stdin (format binary)", e.dialect.Batch, strings.Join(columns, ", "))
	return e.conn.Raw(func(driverConn any) error {
		_, err := driverConn.(*stdlib.Conn).Conn().PgConn().CopyFrom(ctx, newCopyStream(t, rows, int32(number)), statement)
		return err
	})
}

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
