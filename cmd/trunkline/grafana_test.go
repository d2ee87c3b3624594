package main

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"trunkline/dashboards/grafana/grafanatest"
	"trunkline/internal/pgtest"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Every query of the dashboards and alert rules, as Grafana sends it, is executed on DuckDB and on PostgreSQL with the same rows: it gives
// what its panel expects, the same on both, and of every measure what the ledger says.
func TestDashboardsEqualTheLedger(t *testing.T) {
	t.Parallel()
	const days = 3
	s := newStage(t, 120, days)
	for day := range days {
		s.night(s.flow(), day, false)
	}
	g := newGrafana(t, s)
	rows := g.viewRows(t, s.truth(days-1).Views)
	whole := g.selection(t, s.world.Start.AddDate(0, 0, -1), days+1) // from a Monday
	part := g.selection(t, s.world.Start.AddDate(0, 0, 1), 2)
	part.Chosen["queue"], part.Chosen["tier"] = whole.Chosen["queue"][:2], whole.Chosen["tier"][1:]
	for _, chosen := range []grafanatest.Selection{whole, part} {
		g.same(t, chosen)
		for _, d := range g.ledgerDifferences(t, rows, chosen) {
			t.Error(d)
		}
	}
	rows["queue_performance_daily"][0]["answered"] = 1000.0
	if len(g.ledgerDifferences(t, rows, whole)) == 0 {
		t.Error("panels that are not what the ledger says are not noticed")
	}
	g.alerts(t, s.now())
	g.awkward(t, whole)
	g.weeks(t, whole)
}

// grafana is what Grafana asks, and of whom.
type grafana struct {
	duckDB, postgres *sql.DB
	queries          map[*sql.DB][]grafanatest.Query // in the same order
	schemas          map[*sql.DB]string
}

// newGrafana opens what a stage has published, adds what its world has not, and copies all of it to a PostgreSQL.
func newGrafana(t *testing.T, s *stage) *grafana {
	t.Helper()
	server := pgtest.Start(t, pgtest.Options{Language: "en-US"})
	c := newDatabase(t, server)
	g := &grafana{duckDB: openDatabase(t, "duckdb", s.published()), postgres: openPublished(t, server, c)}
	t.Cleanup(func() { _, _ = g.duckDB.Close(), g.postgres.Close() })
	addEvents(t, g.duckDB)
	copyTables(t, g.duckDB, server.DSN(c.User, c.Database)+" timezone=UTC", c.Schema)
	files := os.DirFS("../../dashboards/grafana")
	g.queries, g.schemas = map[*sql.DB][]grafanatest.Query{}, map[*sql.DB]string{g.duckDB: "main", g.postgres: c.Schema}
	for db, name := range map[*sql.DB]string{g.duckDB: "duckdb", g.postgres: "postgres"} {
		var err error
		if g.queries[db], err = grafanatest.Read(files, name); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// addEvents adds what the panels and rules look for and the nights of a stage do not have: releases, a reject, a check that failed.
func addEvents(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, statement := range []string{
		"insert into releases (product, release, released_on, note, is_deleted, source_run, observed_at, row_hash) values " +
			"('Portal', '4.2', '2026-10-21', 'It''s new', false, 'r', timestamp '2026-10-21', 'h'), ('App', '9', '2026-10-22', null, false, 'r', timestamp '2026-10-21', 'h'), " +
			"('App', '10', '2026-10-22', null, true, 'r', timestamp '2026-10-21', 'h')",
		"insert into etl_rejects (run_id, source, entity, natural_key, reason_code, message, payload_ref, seen_at) " +
			"select run_id, 'genesys', 'conversations', 'k', 'bad_date', 'conversationStart is not a date', 'f:1', started_at from etl_runs where step = 'transform/genesys'",
		"update etl_checks set status = 'fail' where check_id = 'volume'",
		"update etl_runs set rows_rejected = rows_in / 2 where step = 'transform/genesys'",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// copyTables gives a PostgreSQL the rows of a DuckDB, and the views on them.
func copyTables(t *testing.T, from *sql.DB, dsn, name string) {
	t.Helper()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	d := statements.PostgreSQL()
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	exec("create schema " + name)
	exec("set search_path to " + name)
	for _, table := range schema.All() {
		exec(d.CreateTable(table))
		var columns []string
		for _, c := range table.Columns {
			columns = append(columns, c.Name)
		}
		var rows [][]any
		for _, row := range query(t, from, "select * from "+table.Name) {
			cells := make([]any, len(columns))
			for i, c := range columns {
				cells[i] = row[c]
			}
			rows = append(rows, cells)
		}
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{table.Name}, columns, pgx.CopyFromRows(rows)); err != nil {
			t.Fatalf("copy %s: %v", table.Name, err)
		}
	}
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		text, err := v.Query(d)
		if err != nil {
			t.Fatal(err)
		}
		exec(d.CreateView(v.Name, text))
	}
	exec("analyze") // without it some views take minutes
}

// selection chooses some days, and of every variable what its query gives: All.
func (g *grafana) selection(t *testing.T, from time.Time, days int) grafanatest.Selection {
	t.Helper()
	day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	chosen := grafanatest.Selection{From: day, To: day.AddDate(0, 0, days).Add(-time.Millisecond), Chosen: map[string][]string{}}
	for _, q := range g.queries[g.duckDB] {
		if q.Kind != "variable" {
			continue
		}
		var values []string
		_, rows := g.ask(t, g.duckDB, q, chosen)
		for _, row := range rows {
			values = append(values, row[0].(string))
		}
		if len(values) < 2 {
			t.Fatalf("%s gives %q", q, values)
		}
		chosen.Chosen[q.Name] = values
	}
	return chosen
}

// ask sends a query as Grafana does.
func (g *grafana) ask(t *testing.T, db *sql.DB, q grafanatest.Query, chosen grafanatest.Selection) (columns []string, all [][]any) {
	t.Helper()
	chosen.Schema = g.schemas[db]
	text, err := q.Expand(chosen)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatalf("%s: %v\n%s", q, err, text)
	}
	defer func() { _ = rows.Close() }()
	if columns, err = rows.Columns(); err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return columns, all
}

// same holds the answers of both engines against each other, and against what a panel of the kind expects.
func (g *grafana) same(t *testing.T, chosen grafanatest.Selection) {
	t.Helper()
	empty := 0
	for i, q := range g.queries[g.duckDB] {
		if q.Kind == "alert" {
			continue
		}
		columns, rows := g.ask(t, g.duckDB, q, chosen)
		for _, fault := range unexpected(q, columns, rows) {
			t.Errorf("%s: %s", q, fault)
		}
		other := g.queries[g.postgres][i]
		otherColumns, otherRows := g.ask(t, g.postgres, other, chosen)
		for _, fault := range unexpected(other, otherColumns, otherRows) {
			t.Errorf("%s: %s", other, fault)
		}
		if diff := cmp.Diff(printed(columns, rows), printed(otherColumns, otherRows)); diff != "" {
			t.Errorf("%s: DuckDB and PostgreSQL (+) differ: %s", q, diff)
		}
		if len(rows) == 0 {
			empty++
			t.Logf("%s gives no row", q)
		}
	}
	t.Logf("%d queries, %d of which give no row", len(g.queries[g.duckDB]), empty)
}

// unexpected says what a panel of the kind could not show.
func unexpected(q grafanatest.Query, columns []string, rows [][]any) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	of := func(i int, is func(any) bool, what string) {
		for _, row := range rows {
			if i < len(row) && row[i] != nil && !is(row[i]) {
				fault("%s is %T, want %s", columns[i], row[i], what)
				return
			}
		}
	}
	isText := func(v any) bool { _, ok := v.(string); return ok }
	isTime := func(v any) bool { _, ok := v.(time.Time); return ok }
	isNumber := func(v any) bool {
		switch v.(type) {
		case int64, float64:
			return true
		}
		return false
	}
	plainType := func(v any) bool { return isText(v) || isTime(v) || isNumber(v) }
	switch q.Kind {
	case "stat":
		if !slices.Equal(columns, []string{"value"}) && !slices.Equal(columns, []string{"value", "n"}) || len(rows) != 1 {
			fault("columns %q in %d rows", columns, len(rows))
		}
		of(0, isNumber, "a number")
		of(1, isNumber, "a number")
	case "timeseries":
		if columns[0] != "time" || !slices.IsSortedFunc(rows, func(a, b []any) int { return a[0].(time.Time).Compare(b[0].(time.Time)) }) {
			fault("columns %q, or times not in order", columns)
		}
		of(0, isTime, "a time")
		first := 1
		if len(rows) > 0 && isText(rows[0][1]) {
			of(1, isText, "a text")
			first = 2
		}
		for i := first; i < len(columns); i++ {
			of(i, isNumber, "a number")
		}
	case "variable":
		if len(columns) != 1 {
			fault("columns %q", columns)
		}
		of(0, isText, "a text")
	case "annotation":
		if !slices.Equal(columns, []string{"time", "text", "tags"}) {
			fault("columns %q", columns)
		}
		of(0, isTime, "a time")
		of(1, isText, "a text")
	case "table":
		if diff := cmp.Diff(q.Fields, columns); diff != "" {
			fault("not the columns that the panel knows: %s", diff)
		}
		for i := range columns {
			of(i, plainType, "a text, number or time")
		}
	default:
		fault("nothing is known of its kind")
	}
	return faults
}

// printed gives an answer in the one form in which it can be compared. Which of several equal rows comes first is left to the engine.
func printed(columns []string, rows [][]any) []string {
	out := []string{strings.Join(columns, "|")}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = fmt.Sprint(plain(v))
		}
		out = append(out, strings.Join(cells, "|"))
	}
	slices.Sort(out[1:])
	return out
}

// alerts asks the alert rules an hour after the last night, and a day and a half later: each speaks when it has to, of what it has to.
func (g *grafana) alerts(t *testing.T, night time.Time) {
	t.Helper()
	for _, moment := range []struct {
		later time.Duration
		want  map[string][]string // by rule: the texts of which it gives numbers beyond its limit
	}{
		{time.Hour, map[string][]string{"stale": nil, "join-gate": nil, "rejects": {"transform/genesys"}, "check": {"volume"}}},
		{36 * time.Hour, map[string][]string{"stale": {""}, "join-gate": nil, "rejects": nil, "check": nil}},
	} {
		for _, db := range []*sql.DB{g.duckDB, g.postgres} {
			asked := 0
			for _, q := range g.queries[db] {
				if q.Kind != "alert" {
					continue
				}
				asked++
				to := night.Add(moment.later)
				columns, rows := g.ask(t, db, q, grafanatest.Selection{From: to.Add(-time.Duration(q.Hours) * time.Hour), To: to})
				var speaks []string
				for _, row := range rows {
					value, isNumber := plain(row[len(row)-1]).(float64)
					if !isNumber || columns[len(row)-1] != "value" {
						t.Fatalf("%s gives %v as %s", q, row, columns)
					}
					if value > q.Above || value < q.Below {
						speaks = append(speaks, fmt.Sprint(append([]any{""}, row[:len(row)-1]...)[len(row)-1]))
					}
				}
				rule := q.Name[strings.Index(q.Name, "-"+q.Warehouse+"-")+len(q.Warehouse)+2:]
				if diff := cmp.Diff(moment.want[rule], speaks); diff != "" {
					t.Errorf("%s, %v after the night, speaks of (+) %s", q, moment.later, diff)
				}
			}
			if asked != len(moment.want) {
				t.Errorf("%d alert rules were asked", asked)
			}
		}
	}
}

// awkward gives a queue a name with all that a text may hold: who chooses it is shown what was shown before.
func (g *grafana) awkward(t *testing.T, whole grafanatest.Selection) {
	t.Helper()
	const name = `It's "done"\; -- or ${not}`
	plainly := whole
	plainly.Chosen = maps.Clone(whole.Chosen)
	plainly.Chosen["queue"] = whole.Chosen["queue"][1:2]
	awkwardly := plainly
	awkwardly.Chosen = maps.Clone(plainly.Chosen)
	awkwardly.Chosen["queue"] = []string{name}
	for _, db := range []*sql.DB{g.duckDB, g.postgres} {
		var before [][]string
		figures := func(chosen grafanatest.Selection) (all [][]string) {
			for _, q := range g.queries[db] {
				if q.Kind == "stat" {
					columns, rows := g.ask(t, db, q, chosen)
					all = append(all, printed(columns, rows))
				}
			}
			return all
		}
		before = figures(plainly)
		for _, table := range []string{"unified_interactions", "queue_visits", "agent_legs"} {
			statement := fmt.Sprintf("update %s.%s set queue_name = $1 where queue_name = $2", g.schemas[db], table)
			if _, err := db.ExecContext(t.Context(), statement, name, plainly.Chosen["queue"][0]); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(before, figures(awkwardly)); diff != "" {
			t.Errorf("a queue by another name is another queue: %s", diff)
		}
		if slices.EqualFunc(before, figures(plainly), slices.Equal) {
			t.Error("a queue that is no more is still there")
		}
	}
}

// weeks moves a day to the week before, so that there is something to compare this week with.
func (g *grafana) weeks(t *testing.T, whole grafanatest.Selection) {
	t.Helper()
	answers := map[*sql.DB][]string{}
	for _, db := range []*sql.DB{g.duckDB, g.postgres} {
		statement := "update " + g.schemas[db] + ".unified_interactions set business_date = '2026-10-14' where business_date = '2026-10-20'"
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		for _, q := range g.queries[db] {
			if q.Name != "What changed" {
				continue
			}
			columns, rows := g.ask(t, db, q, whole)
			for _, fault := range unexpected(q, columns, rows) {
				t.Errorf("%s: %s", q, fault)
			}
			answers[db] = printed(columns, rows)
		}
	}
	if diff := cmp.Diff(answers[g.duckDB], answers[g.postgres]); diff != "" || len(answers[g.duckDB]) < 10 {
		t.Errorf("what changed: %d rows; DuckDB and PostgreSQL (+) differ: %s", len(answers[g.duckDB]), diff)
	}
}
