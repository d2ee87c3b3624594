package main

import (
	"database/sql"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"trunkline/internal/pgtest"
	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
	"trunkline/internal/sim/trusstdb"
	"trunkline/schema"
	statements "trunkline/sql"
)

// newTrusstStage is a centre some of whose conversations Trusst analyses, beside calls that Genesys Cloud knows nothing of.
func newTrusstStage(t *testing.T, perDay, days int) *stage {
	t.Helper()
	return newStageWith(t, perDay, days, func(c *sim.Config) {
		c.Scenario.Trusst = scenario.Trusst{Analysed: 0.6, OnPremise: 20}
	})
}

// readsTrusst adds a database of Trusst to the stage's configuration. A real one's clock is not the stage's, so that what is
// compared with earlier nights reaches back to both.
func (s *stage) readsTrusst(host string, port int, database, user string) {
	s.t.Helper()
	text, err := os.ReadFile(s.config())
	if err != nil {
		s.t.Fatal(err)
	}
	text = fmt.Appendf(text, "trusst: {host: %q, port: %d, database: %q, user: %q, password: simulated, tls: false, reconcile: 4000d, pivot_keys: [%s]}\n",
		host, port, database, user, strings.Join(pivoted(), ", "))
	if err := os.WriteFile(s.config(), text, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// readsEmbeddedTrusst serves Trusst's database until the test ends, by the stage's clock, and adds it to the configuration.
func (s *stage) readsEmbeddedTrusst() {
	s.t.Helper()
	server, err := trusstdb.NewServer(s.t.Context(), s.centre.World(), s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(s.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	s.t.Cleanup(func() {
		if err := server.Close(); err != nil {
			s.t.Error(err)
		}
		if err := <-served; err != nil {
			s.t.Error(err)
		}
	})
	s.readsTrusst("127.0.0.1", listener.Addr().(*net.TCPAddr).Port, "trusst", "trunkline")
}

// pivoted gives question keys that the view of answers is tried with; two questions share topic.
func pivoted() []string {
	return []string{"agent_identified", "quality_score", "topic", "compliance_check", "summary", "unheard_of"}
}

// Six nights with Trusst, its database answered by the simulated centre itself: every row, every answer and every view is what
// truly happened.
func TestNightsWithTheEmbeddedTrusstEqualTheLedger(t *testing.T) {
	t.Parallel()
	const nights = 6
	s := newTrusstStage(t, 100, nights)
	s.readsEmbeddedTrusst()
	for day := range nights {
		s.night(s.flow(), day, false)
	}
	wantTruth(t, s, nights-1)
	wantTrusstTruth(t, s)
}

// The same with a real PostgreSQL, which the centre fills and moves on from night to night.
func TestNightsWithTrusstOnPostgreSQLEqualTheLedger(t *testing.T) {
	t.Parallel()
	const nights = 6
	s := newTrusstStage(t, 100, nights)
	server := pgtest.Start(t, pgtest.Options{})
	db, err := sql.Open("pgx", server.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := trusstdb.Create(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(server.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	s.readsTrusst("127.0.0.1", int(config.Port), "postgres", "postgres")
	for day := range nights {
		s.goTo(day)
		if err := trusstdb.Set(t.Context(), db, s.centre.World().Trusst(s.now())); err != nil {
			t.Fatal(err)
		}
		s.night(s.flow(), day, false)
	}
	wantTruth(t, s, nights-1)
	wantTrusstTruth(t, s)
}

// wantTrusstTruth compares contacts and answers with the ledger.
func wantTrusstTruth(t *testing.T, s *stage) {
	t.Helper()
	db := s.open(t)
	defer func() { _ = db.Close() }()
	contacts, answers := s.centre.World().TrusstTruth(s.now())
	if len(contacts) == 0 || len(answers) == 0 {
		t.Fatal("nothing was analysed")
	}
	wantAnswersByContact(t, s, db)
	for table, want := range map[*schema.Table][]map[string]any{schema.TrusstContacts: contacts, schema.TrusstAnswers: answers} {
		var told, is []string
		for _, row := range want {
			if row["is_deleted"] == true { // of what vanished it is told that it did, and no more
				row = map[string]any{"contact_id": row["contact_id"], "is_deleted": true}
			}
			told = append(told, cellLine(known(row)))
		}
		for _, row := range query(t, db, "select * from "+table.Name) {
			for _, c := range table.Columns {
				if c.Volatile || c.Name == "children_hash" {
					delete(row, c.Name)
				}
			}
			if row["is_deleted"] == true {
				row = map[string]any{"contact_id": row["contact_id"], "is_deleted": true}
			}
			is = append(is, cellLine(known(row)))
		}
		slices.Sort(told)
		slices.Sort(is)
		wrong := 0
		for _, l := range told {
			if _, found := slices.BinarySearch(is, l); !found {
				if wrong++; wrong < 10 {
					t.Errorf("%s lacks %s", table.Name, l)
				}
			}
		}
		for _, l := range is {
			if _, found := slices.BinarySearch(told, l); !found {
				if wrong++; wrong < 20 {
					t.Errorf("%s has   %s", table.Name, l)
				}
			}
		}
		t.Logf("compared %d rows of %s with the ledger: %d differences", len(told), table.Name, wrong)
		if len(told) != len(is) {
			t.Errorf("%s has %d rows, the ledger %d", table.Name, len(is), len(told))
		}
	}
}

// wantAnswersByContact compares the view of answers with the ledger.
func wantAnswersByContact(t *testing.T, s *stage, db *sql.DB) {
	t.Helper()
	columns := map[string][3]string{}
	for _, key := range pivoted() {
		p, err := statements.PivotOf(key)
		if err != nil {
			t.Fatal(err)
		}
		columns[key] = [3]string{p.Text, p.Number, p.Truth}
	}
	want := s.centre.World().TrusstByContact(s.now(), columns)
	found := viewDifferences(t, db, "trusst_answers_by_contact", want)
	for _, d := range found[:min(len(found), 10)] {
		t.Error(d)
	}
	t.Logf("compared %d rows of trusst_answers_by_contact with the ledger: %d differences", len(want), len(found))
}

// known gives the cells of a row that are not NULL.
func known(row map[string]any) map[string]any {
	cells := map[string]any{}
	for name, v := range row {
		if plain(v) != nil {
			cells[name] = v
		}
	}
	return cells
}
