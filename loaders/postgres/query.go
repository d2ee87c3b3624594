package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"trunkline/internal/pgconfig"
	"trunkline/loaders/warehouse"
)

// Query asks the warehouse in a session that can only read.
func Query(ctx context.Context, c Config, query string, to warehouse.Answer) (err error) {
	db, conn, err := connect(ctx, c.withDefaults(), "on")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	rows, err := conn.QueryContext(ctx, query) //nolint:rowserrcheck // Give does
	if pgconfig.Code(err) == noTable {
		return warehouse.Missing(ctx, conn, err)
	}
	if err != nil {
		return lost(fmt.Errorf("query: %w", err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return lost(warehouse.Give(rows, to, warehouse.Plain))
}

const noTable = "42P01" // the SQLSTATE of a name that is not there

// lost tells a connection that broke from a query that is wrong.
func lost(err error) error {
	_, broken := errors.AsType[net.Error](err)
	if broken || errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(pgconfig.Code(err), "08") || strings.HasPrefix(pgconfig.Code(err), "57") {
		return explain("query the warehouse", err)
	}
	return err
}
