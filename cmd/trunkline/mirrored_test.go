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
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trunkline/internal/pgtest"
	"trunkline/loaders/duckdb"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// mirrored is a warehouse whose rows follow the CRM.
type mirrored interface {
	// put writes sealed rows of a table and all children of theirs; they replace those of the same key.
	put(t *testing.T, id string, parents, children []schema.Row)
	// reenriched gives what the warehouse's query has for rows since a time.
	reenriched(t *testing.T, since time.Time) []schema.Row
	// interactions gives unified_interactions by start and id, the columns in their order.
	interactions(t *testing.T) [][]any
}

// duckDB is a warehouse as the command has it.
type duckDB struct {
	*duckdb.Loader
	published string
}

func newDuckDB(t *testing.T) mirrored {
	dir := t.TempDir()
	c := duckdb.Config{Path: filepath.Join(dir, "w.duckdb"), Published: filepath.Join(dir, "p.duckdb"), MemoryLimit: "512MB"}
	l, err := duckdb.Open(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.Migrate(t.Context(), schema.All()); err != nil {
		t.Fatal(err)
	}
	return duckDB{l, c.Published}
}

func (d duckDB) put(t *testing.T, id string, parents, children []schema.Row) {
	t.Helper()
	if len(parents) == 0 {
		return
	}
	b := pipeline.Batch{ID: id + "/" + schema.Of(parents[0]).Name, Table: schema.Of(parents[0]), Files: []pipeline.File{parquetOf(t, parents)}}
	if len(children) > 0 {
		b.Children = []pipeline.Part{{Table: schema.Of(children[0]), Files: []pipeline.File{parquetOf(t, children)}}}
	}
	if _, err := d.Load(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func (d duckDB) reenriched(t *testing.T, since time.Time) (rows []schema.Row) {
	t.Helper()
	err := d.Reenrich(t.Context(), since, func(r schema.Row) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func (d duckDB) interactions(t *testing.T) (all [][]any) {
	t.Helper()
	if _, err := d.Publish(t.Context(), pipeline.Publication{Run: t.Name(), GateOpen: true, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", d.published+"?access_mode=READ_ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
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

// postgres is a database on a server, with every declared table.
type postgres struct{ *pgx.Conn }

func newPostgres(t *testing.T, server *pgtest.Server) mirrored {
	name := fmt.Sprintf("w%x", sha256.Sum256([]byte(t.Name())))[:20]
	postgresExec(t, connect(t, server.DSN("postgres", "postgres")), "create database "+name)
	conn := connect(t, server.DSN("postgres", name))
	for _, table := range schema.All() {
		postgresExec(t, conn, statements.PostgreSQL().CreateTable(table))
	}
	return postgres{conn}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func postgresExec(t *testing.T, conn *pgx.Conn, statement string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

func (p postgres) put(t *testing.T, _ string, parents, children []schema.Row) {
	t.Helper()
	for _, rows := range [][]schema.Row{parents, children} {
		if len(rows) == 0 {
			continue
		}
		table := schema.Of(rows[0])
		if table.Parent != nil {
			for _, r := range parents {
				p.delete(t, table, table.Parent, r)
			}
		}
		var names []string
		for _, c := range table.Columns {
			names = append(names, c.Name)
		}
		var values [][]any
		for _, r := range rows {
			p.delete(t, table, table, r)
			var cells []any
			for _, c := range table.Columns {
				cells = append(cells, schema.Value(r, c))
			}
			values = append(values, cells)
		}
		if _, err := p.CopyFrom(t.Context(), pgx.Identifier{table.Name}, names, pgx.CopyFromRows(values)); err != nil {
			t.Fatal(err)
		}
	}
}

// delete deletes from a table what has the key of a row of another one.
func (p postgres) delete(t *testing.T, from, keyed *schema.Table, r schema.Row) {
	t.Helper()
	var where []string
	var values []any
	for i, name := range keyed.Keys() {
		c, _ := keyed.Column(name)
		where, values = append(where, fmt.Sprintf("%s = $%d", name, i+1)), append(values, schema.Value(r, c))
	}
	postgresExec(t, p.Conn, "delete from "+from.Name+" where "+strings.Join(where, " and "), values...)
}

func (p postgres) reenriched(t *testing.T, since time.Time) []schema.Row {
	t.Helper()
	query, err := statements.PostgreSQL().Reenrich()
	if err != nil {
		t.Fatal(err)
	}
	postgresExec(t, p.Conn, "select set_config('trunkline.since', $1, false)", since.UTC().Format("2006-01-02 15:04:05.000000"))
	var all []schema.Row
	for _, values := range p.query(t, query) {
		r, err := schema.UnifiedInteractions.Fill(values)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func (p postgres) interactions(t *testing.T) [][]any {
	t.Helper()
	return p.query(t, "select * from unified_interactions order by conversation_start, conversation_id")
}

func (p postgres) query(t *testing.T, query string) [][]any {
	t.Helper()
	rows, err := p.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	return all
}
