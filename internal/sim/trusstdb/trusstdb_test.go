package trusstdb_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"trunkline/internal/pgtest"
	"trunkline/internal/sim/scenario"
	"trunkline/internal/sim/trusstdb"
)

// A real PostgreSQL takes the world's Trusst as of one moment, and then as of another.
func TestSetMovesADatabaseOn(t *testing.T) {
	server := pgtest.Start(t, pgtest.Options{})
	db, err := sql.Open("pgx", server.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	for range 2 { // tables of an earlier simulation will do
		if err := trusstdb.Prepare(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	c := scenario.Default()
	c.PerDay, c.Days, c.Trusst = 60, 5, scenario.Trusst{Analysed: 0.6, OnPremise: 20}
	w := scenario.New(c)
	for _, day := range []int{1, 4, 9} {
		has := w.Trusst(c.Start.AddDate(0, 0, day).Add(150 * time.Minute))
		if err := trusstdb.Set(ctx, db, has); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int{
			"streams": len(has.Streams), "questions": len(has.Questions), "contacts": len(has.Contacts),
			"inferences": len(has.Inferences), "s3_conversations": len(has.Recordings),
		} {
			var got int
			if err := db.QueryRowContext(ctx, "select count(*) from "+table).Scan(&got); err != nil || got != want || want == 0 {
				t.Errorf("day %d: %s has %d rows, want %d: %v", day, table, got, want, err)
			}
		}
		var at time.Time // the wall clock in UTC is what the tables keep
		if err := db.QueryRowContext(ctx, "select created_at from contacts where contact_id = $1", has.Contacts[0].ID).Scan(&at); err != nil || !at.Equal(has.Contacts[0].CreatedAt) {
			t.Errorf("created_at is %v, want %v: %v", at, has.Contacts[0].CreatedAt, err)
		}
	}
}

// Tables that are not a simulation's may be somebody's Trusst: they are left alone.
func TestPrepareLeavesOthersTablesAlone(t *testing.T) {
	server := pgtest.Start(t, pgtest.Options{})
	fill(t, server, scenario.TrusstDatabase{Streams: []scenario.TrusstStream{{ID: "s", Name: "s", Type: "s"}}})
	db, err := sql.Open("pgx", server.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := trusstdb.Prepare(t.Context(), db); err == nil || !strings.Contains(err.Error(), "not of a simulation") {
		t.Errorf("prepare: %v", err)
	}
}

// fill puts tables into a server's first database.
func fill(t *testing.T, server *pgtest.Server, has scenario.TrusstDatabase) {
	t.Helper()
	db, err := sql.Open("pgx", server.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := trusstdb.Create(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := trusstdb.Set(t.Context(), db, has); err != nil {
		t.Fatal(err)
	}
}
