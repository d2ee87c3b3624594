package redshift

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trunkline/internal/pgconfig"
	"trunkline/loaders/warehouse"
)

// Query asks the warehouse in a transaction that can only read.
func Query(ctx context.Context, c Config, query string, to warehouse.Answer) (err error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return err
	}
	db, conn, err := connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return c.explain("query the warehouse", err)
	}
	err = ask(ctx, tx, query, to)
	if back := tx.Rollback(); back != nil && err == nil {
		err = fmt.Errorf("query: %w", back)
	}
	switch {
	case pgconfig.Code(err) == noTable:
		return warehouse.Missing(ctx, conn, err)
	case lost(err):
		return c.explain("query the warehouse", err)
	}
	return err
}

const noTable = "42P01" // the SQLSTATE of a name that is not there

func ask(ctx context.Context, tx *sql.Tx, query string, to warehouse.Answer) (err error) {
	rows, err := tx.QueryContext(ctx, query) //nolint:rowserrcheck // Give does
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return warehouse.Give(rows, to, warehouse.Plain)
}
