package sql_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/loaders/loadertest"
	"trunkline/schema"
	"trunkline/sql"
)

// What is written for PostgreSQL is tried on a real server; one does for all of it.
func TestOnPostgreSQL(t *testing.T) {
	server := pgtest.Start(t, pgtest.Options{Language: "en-US", Settings: map[string]string{"timezone": "UTC"}})
	owner := login(t, server.DSN("postgres", "postgres"))
	d := sql.PostgreSQL()
	for _, table := range schema.All() {
		must(t, owner, d.CreateTable(table), d.CommentTable(table))
		for _, c := range table.Columns {
			must(t, owner, d.CommentColumn(table, c))
		}
	}
	t.Run("functions", func(t *testing.T) { loadertest.RunFunctions(t, d, postgres{owner}) })
	t.Run("views", func(t *testing.T) {
		evidence.Shows(t, "PostgreSQL", evidence.Views, evidence.Engine)
		loadertest.RunViews(t, d, postgres{owner})
	})
	t.Run("checks", func(t *testing.T) { loadertest.RunChecks(t, d, postgres{owner}) })
	t.Run("language", func(t *testing.T) { tryLanguage(t, owner) })
	t.Run("strange keys", func(t *testing.T) { tryStrangeKeys(t, owner) })
	t.Run("roles", func(t *testing.T) {
		evidence.Shows(t, "PostgreSQL", evidence.Roles, evidence.Engine)
		tryRoles(t, server, owner)
	})
}

// tryLanguage makes sure that texts compare as in every other engine, on a server whose language would have it otherwise.
func tryLanguage(t *testing.T, owner *pgx.Conn) {
	t.Helper()
	var server, ours string
	if err := owner.QueryRow(t.Context(), "select max(t) from (values ('a'), ('B')) as v (t)").Scan(&server); err != nil || server != "B" {
		t.Fatalf("the server's language puts %q last, %v: nothing is tried", server, err)
	}
	must(t, owner, "begin", "insert into wrapup_codes (wrapup_code_id, name, is_listed, source_run, observed_at, row_hash) values ('1', 'a', true, '', now(), ''), ('2', 'B', true, '', now(), '')")
	if err := owner.QueryRow(t.Context(), "select max(name || ' ') from wrapup_codes").Scan(&ours); err != nil || ours != "a " {
		t.Errorf("the table puts %q last, %v", ours, err)
	}
	must(t, owner, "rollback")
}

// postgres is a connection to a server.
type postgres struct{ *pgx.Conn }

func (p postgres) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := p.Conn.Exec(ctx, statement, args...)
	return err
}

func (p postgres) Set(ctx context.Context, name string, value any) error {
	text := fmt.Sprint(value)
	if list, ok := value.([]any); ok {
		items := make([]string, len(list))
		for i, item := range list {
			items[i] = item.(string)
		}
		encoded, err := p.TypeMap().Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, items, nil)
		if err != nil {
			return err
		}
		text = string(encoded)
	}
	return p.Exec(ctx, "select set_config($1, $2, true)", "trunkline."+name, text)
}

func (p postgres) Select(ctx context.Context, query string) ([]string, []map[string]any, error) {
	rows, err := p.Query(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	var columns []string
	for _, f := range rows.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (map[string]any, error) {
		cells, err := pgx.RowToMap(row)
		for name, v := range cells {
			switch v := v.(type) {
			case nil, string, int64, float64, bool:
			case time.Time:
				cells[name] = v.UTC()
			default:
				return nil, fmt.Errorf("column %s is %T, %v", name, v, v)
			}
		}
		return cells, err
	})
	return columns, all, err
}

func login(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func must(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
	}
}
