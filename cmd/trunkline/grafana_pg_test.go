package main

import (
	"database/sql"
	"os"
	"testing"

	"trunkline/dashboards/grafana/grafanatest"
)

// Every query of PostgreSQL's dashboards and alert rules, sent to serve --pg by the protocol's two ways of asking, gives what its panel
// expects, and what DuckDB's own query says of the file itself.
func TestDashboardsOverServe(t *testing.T) {
	t.Parallel()
	const days = 3
	s := newStage(t, 60, days)
	for day := range days {
		s.night(s.flow(), day, false)
	}
	whole := openDatabase(t, "duckdb", s.published())
	addEvents(t, whole)
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	dsn, stop := startServing(t, s.config(), []string{wholeRole})
	defer stop()
	file := openDatabase(t, "duckdb", s.published()+"?access_mode=READ_ONLY")
	defer func() { _ = file.Close() }()
	for _, way := range []string{"cache_statement", "simple_protocol"} {
		t.Run(way, func(t *testing.T) {
			served := openDatabase(t, "pgx", dsn[wholeRole]+" default_query_exec_mode="+way)
			defer func() { _ = served.Close() }()
			g := &grafana{duckDB: file, postgres: served, queries: map[*sql.DB][]grafanatest.Query{}, schemas: map[*sql.DB]string{file: "main", served: "main"}}
			for db, name := range map[*sql.DB]string{file: "duckdb", served: "postgres"} {
				var err error
				if g.queries[db], err = grafanatest.Read(os.DirFS("../../dashboards/grafana"), name); err != nil {
					t.Fatal(err)
				}
			}
			g.same(t, g.selection(t, s.world.Start, days))
			g.alerts(t, s.now())
		})
	}
}
