package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
)

// fresh makes an empty database on a server.
func fresh(t *testing.T, s *pgtest.Server, name string) Config {
	t.Helper()
	c := Config{Host: s.Socket, Port: s.Port, Database: "postgres", User: "postgres"}
	db, conn, err := connect(t.Context(), c.withDefaults(), "off")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "create database "+name); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(conn.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	c.Database, c.Schema = name, "warehouse"
	return c
}

type privateWarehouse struct{ config Config }

func (w privateWarehouse) Open(ctx context.Context) (pipeline.Loader, error) {
	l, err := Open(ctx, w.config, "test")
	if err != nil { // not a nil *Loader in an interface
		return nil, err
	}
	return l, nil
}

func (privateWarehouse) Rows(ctx context.Context, l pipeline.Loader, table string) ([]map[string]any, error) {
	return selectAll(ctx, l.(*Loader), "select * from "+table)
}

func selectAll(ctx context.Context, l *Loader, query string) ([]map[string]any, error) {
	rows, err := l.Conn.QueryContext(ctx, query) //nolint:rowserrcheck // ReadAll does
	if err != nil {
		return nil, err
	}
	_, all, err := loadertest.ReadAll(rows)
	return all, err
}

func TestEveryStatementIsAccepted(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Statements, evidence.Engine)
	c := fresh(t, pgtest.Start(t, pgtest.Options{}), "every")
	c.Roles = true
	loadertest.RunStatements(t, privateWarehouse{c})
}

func TestPromises(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Promises, evidence.Engine)
	s := pgtest.Start(t, pgtest.Options{Language: "en-US"})
	n := 0
	loadertest.Run(t, func(t *testing.T) loadertest.Warehouse {
		n++
		return privateWarehouse{fresh(t, s, fmt.Sprint("promise", n))}
	})
}
