package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx of database/sql

	"trunkline/internal/pgtest"
	"trunkline/loaders/duckdb"
	"trunkline/loaders/postgres"
	"trunkline/pipeline"
	"trunkline/schema"
)

// mirrored is a warehouse, as the command has it, whose rows follow the CRM.
type mirrored struct {
	pipeline.Loader
	pipeline.Reenricher

	open func(t *testing.T) *sql.DB // what people query
}

// newMirrored makes one of an open loader.
func newMirrored[L interface {
	pipeline.Loader
	pipeline.Reenricher
}](t *testing.T, l L, open func(*testing.T) *sql.DB) mirrored {
	t.Helper()
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.Migrate(t.Context(), schema.All()); err != nil {
		t.Fatal(err)
	}
	return mirrored{l, l, open}
}

func newDuckDB(t *testing.T) mirrored {
	dir := t.TempDir()
	c := duckdb.Config{Path: filepath.Join(dir, "w.duckdb"), Published: filepath.Join(dir, "p.duckdb"), MemoryLimit: "512MB"}
	l, err := duckdb.Open(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	return newMirrored(t, l, func(t *testing.T) *sql.DB {
		t.Helper()
		if _, err := l.Publish(t.Context(), pipeline.Publication{Run: t.Name(), GateOpen: true, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		return openDatabase(t, "duckdb", c.Published+"?access_mode=READ_ONLY")
	})
}

func newPostgres(t *testing.T, server *pgtest.Server) mirrored {
	c := newDatabase(t, server)
	l, err := postgres.Open(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	return newMirrored(t, l, func(t *testing.T) *sql.DB { return openPublished(t, server, c) })
}

// newDatabase makes an empty database for a test.
func newDatabase(t *testing.T, server *pgtest.Server) postgres.Config {
	t.Helper()
	name := fmt.Sprintf("w%x", sha256.Sum256([]byte(t.Name())))[:20]
	conn, err := pgx.Connect(t.Context(), server.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), "create database "+name); err != nil {
		t.Fatal(err)
	}
	return postgres.Config{Host: server.Socket, Port: server.Port, Database: name, User: "postgres", Schema: "trunkline"}
}

// openPublished opens the schema of a warehouse as people do.
func openPublished(t *testing.T, server *pgtest.Server, c postgres.Config) *sql.DB {
	t.Helper()
	return openDatabase(t, "pgx", server.DSN(c.User, c.Database)+" search_path="+c.Schema+" timezone=UTC")
}

func openDatabase(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// put loads sealed rows of a table and all children of theirs.
func (m mirrored) put(t *testing.T, id string, parents, children []schema.Row) {
	t.Helper()
	if len(parents) == 0 {
		return
	}
	b := pipeline.Batch{ID: id + "/" + schema.Of(parents[0]).Name, Table: schema.Of(parents[0]), Files: []pipeline.File{parquetOf(t, parents)}}
	if len(children) > 0 {
		b.Children = []pipeline.Part{{Table: schema.Of(children[0]), Files: []pipeline.File{parquetOf(t, children)}}}
	}
	if _, err := m.Load(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// reenriched gives what the warehouse's query has for rows since a time.
func (m mirrored) reenriched(t *testing.T, since time.Time) (rows []schema.Row) {
	t.Helper()
	err := m.Reenrich(t.Context(), since, func(r schema.Row) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// interactions gives unified_interactions by start and id, the columns in their order.
func (m mirrored) interactions(t *testing.T) (all [][]any) {
	t.Helper()
	db := m.open(t)
	defer func() { _ = db.Close() }() // a published file that is open is not opened anew
	for _, row := range query(t, db, "select * from unified_interactions order by conversation_start, conversation_id") {
		var cells []any
		for _, c := range schema.UnifiedInteractions.Columns {
			cells = append(cells, row[c.Name])
		}
		all = append(all, cells)
	}
	return all
}

func parquetOf(t *testing.T, rows []schema.Row) pipeline.File {
	t.Helper()
	table := schema.Of(rows[0])
	slices.SortFunc(rows, schema.Compare)
	path := filepath.Join(t.TempDir(), table.Name+".parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := table.NewWriter(f, schema.WriterOptions{})
	for _, err := range []error{w.Write(rows), w.Close(), f.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return pipeline.File{Name: path, URI: path, Kind: table.Name, Rows: int64(len(rows)), SHA256: hex.EncodeToString(sum[:])}
}
