package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"

	"github.com/duckdb/duckdb-go/v2"

	"trunkline/internal/sim/scenario"
	statements "trunkline/sql"
)

// weeks is a warehouse of just the columns that what_changed looks at, filled with what really happened in two weeks of a world.
func weeks(t *testing.T, c scenario.Config) *sql.DB {
	t.Helper()
	w := scenario.New(c)
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() { _ = db.Close() })
	exec := func(text string, a ...any) {
		if _, err := db.ExecContext(t.Context(), text, a...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`create table unified_interactions (business_date varchar, finality varchar, customer_tier varchar, queue_id varchar,
	queue_name varchar, was_escalated boolean, offered_count bigint, abandoned boolean, bot_present boolean, handled_by_bot_only boolean)`)
	exec("create table releases (product varchar, release varchar, released_on varchar, is_deleted boolean)")
	for _, line := range strings.Split(strings.TrimSpace(string(w.Releases())), "\n")[1:] {
		f := strings.Split(line, ",")
		exec("insert into releases values (?, ?, ?, false)", f[0], f[1], f[2])
	}
	conn, err := connector.Connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := duckdb.NewAppenderFromConn(conn, "", "unified_interactions")
	if err != nil {
		t.Fatal(err)
	}
	end := c.Start.AddDate(0, 0, c.Days)
	for _, r := range w.Ledger(end, end, end).Interactions {
		err := rows.AppendRow(r.BusinessDate, "provisional", value(r.CustomerTier), value(r.QueueID), value(r.QueueName), value(r.WasEscalated),
			value(r.OfferedCount), value(r.Abandoned), value(r.BotPresent), value(r.HandledByBotOnly))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	return db
}

func value[T any](p *T) driver.Value {
	if p == nil {
		return nil
	}
	return *p
}

func significant(t *testing.T, db *sql.DB) []map[string]any {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.Name != "what_changed" {
			continue
		}
		text, err := v.Query(statements.DuckDB())
		if err != nil {
			t.Fatal(err)
		}
		if n := query(t, db, "select count(p_value) as n from ("+text+")")[0]["n"].(int64); n < 50 {
			t.Errorf("only %d rows are tested: the silence means nothing", n)
		}
		return query(t, db, "select * from ("+text+") where is_significant order by adjusted_p_value")
	}
	t.Fatal("there is no view what_changed")
	return nil
}

func twoWeeks(seed uint64) scenario.Config {
	c := scenario.Default()
	c.Seed, c.Days, c.PerDay = seed, 14, 600
	return c
}

func portal(c scenario.Config) scenario.Release {
	return scenario.Release{Product: "Portal", Name: "4.2", Day: 9, Tier: "Enterprise", Queues: c.Queues, Before: 0.12, After: 0.40}
}

func TestWhatChangedFindsTheStory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		c := twoWeeks(seed)
		c.Release = portal(c)
		found := significant(t, weeks(t, c))
		if len(found) == 0 {
			t.Errorf("seed %d: the story is not found", seed)
			continue
		}
		named := false
		for _, r := range found {
			t.Logf("seed %d: %v", seed, r["finding"])
			named = named || r["level"] == "tier" && r["customer_tier"] == "Enterprise" && r["release"] == "Portal 4.2" && r["low_points"].(float64) > 0
			if r["metric"] != "escalation_rate" || r["customer_tier"] != nil && r["customer_tier"] != "Enterprise" || r["release"] == nil && r["level"] != "all" {
				t.Errorf("seed %d: found what is not in the story: %v", seed, r["finding"])
			}
		}
		if !named {
			t.Errorf("seed %d: neither tier nor release is named", seed)
		}
	}
}

// In worlds without a story, and in worlds with a release that changes nothing, the view says nothing.
func TestWhatChangedIsQuietWithoutAStory(t *testing.T) {
	t.Parallel()
	seeds := uint64(20)
	if short() {
		seeds = 5
	}
	for seed := range seeds {
		plain, idle := twoWeeks(100+seed), twoWeeks(200+seed)
		idle.Release = portal(idle)
		idle.Release.After = idle.Release.Before
		for name, c := range map[string]scenario.Config{"no release": plain, "an idle release": idle} {
			t.Run(fmt.Sprintf("%d %s", seed, name), func(t *testing.T) {
				for _, r := range significant(t, weeks(t, c)) {
					t.Errorf("%v", r["finding"])
				}
			})
		}
	}
}
