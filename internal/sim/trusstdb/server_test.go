package trusstdb_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/pgtest"
	"trunkline/internal/sim/scenario"
	"trunkline/internal/sim/trusstdb"
)

// What is asked of the embedded server is answered as a real PostgreSQL would that holds the same.
func TestTheEmbeddedServerAnswersAsPostgreSQL(t *testing.T) {
	ctx := t.Context()
	c := scenario.Default()
	c.PerDay, c.Days, c.Trusst = 40, 4, scenario.Trusst{Analysed: 0.6, OnPremise: 10}
	w := scenario.New(c)
	at := c.Start.AddDate(0, 0, 4).Add(150 * time.Minute)

	server, err := trusstdb.NewServer(ctx, w, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	ours, err := pgx.Connect(ctx, fmt.Sprintf("postgres://%s:%s@%s/trusst?sslmode=disable", trusstdb.User, trusstdb.Password, l.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ours.Close(ctx) }()
	for _, who := range []string{"trunkline:wrong", "postgres:simulated", "trunkline"} {
		_, err := pgx.Connect(ctx, fmt.Sprintf("postgres://%s@%s/trusst?sslmode=disable", who, l.Addr()))
		if refused, ok := errors.AsType[*pgconn.PgError](err); !ok || refused.Code != "28P01" {
			t.Errorf("%s: %v, want SQLSTATE 28P01", who, err)
		}
	}
	real := postgres(t, w.Trusst(at))

	var canOnlyRead string
	if err := ours.QueryRow(ctx, "show transaction_read_only").Scan(&canOnlyRead); err != nil || canOnlyRead != "on" {
		t.Errorf("transaction_read_only is %q, %v", canOnlyRead, err)
	}
	_, err = ours.Exec(ctx, "delete from inferences")
	if refused, ok := errors.AsType[*pgconn.PgError](err); !ok || refused.Code != "25006" {
		t.Errorf("delete: %v, want SQLSTATE 25006", err)
	}

	from, to := c.Start.UTC(), at.UTC()
	for name, args := range map[string][]any{
		"changed": {from, "", to, 100}, "asked": {"q-02", "", 50}, "began": {"stream-pbx", from}, "hydrate": {contactIDs(w.Trusst(at), 100)},
		"newest": {to}, "questions": {"", 100}, "range": {"stream-cloud", from, "", to, 20}, "streams": nil, "undated": {"", 10},
		"columns": nil, "fingerprints": {from, "", 100},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", "queries", name+".sql"))
			if err != nil {
				t.Fatal(err)
			}
			want, got := rows(t, real, string(text), args), rows(t, ours, string(text), args)
			if name == "fingerprints" { // which are of the engine's own texts: a contact has one
				want, got = without(want), without(got)
			}
			if name == "hydrate" { // which has no order within a contact
				slices.Sort(want)
				slices.Sort(got)
			}
			if len(want) == 0 && name != "undated" {
				t.Error("nothing is asked for")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func contactIDs(db scenario.TrusstDatabase, most int) []string {
	var ids []string
	for _, c := range db.Contacts[:min(most, len(db.Contacts))] {
		ids = append(ids, c.ID)
	}
	return ids
}

// postgres gives a connection to a real server that holds the tables.
func postgres(t *testing.T, has scenario.TrusstDatabase) *pgx.Conn {
	t.Helper()
	server := pgtest.Start(t, pgtest.Options{})
	fill(t, server, has)
	conn, err := pgx.Connect(t.Context(), server.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// rows gives an answer as text, a line a row.
func rows(t *testing.T, conn *pgx.Conn, text string, args []any) []string {
	t.Helper()
	answer, err := conn.Query(t.Context(), text, args...)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(answer, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		return fmt.Sprint(values...), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// without leaves the fingerprints, of 32 characters, away.
func without(lines []string) []string {
	for i, l := range lines {
		lines[i] = l[:len(l)-32]
	}
	return lines
}
