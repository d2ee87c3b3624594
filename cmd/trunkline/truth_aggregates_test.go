package main

import (
	"database/sql"
	"testing"
	"time"

	"trunkline/internal/sim/scenario"
	"trunkline/schema"
)

// aggregateDifferences compares what the source itself counts with the ledger, row by row. A day is asked for in its own night and not
// again, so that its rows are what was known then: what is corrected later is not in them.
func aggregateDifferences(t *testing.T, db *sql.DB, s *stage, day int) []string {
	t.Helper()
	var asked []scenario.Asked
	for d := range day + 1 {
		w := s.window(d)
		asked = append(asked, scenario.Asked{From: w.From, To: w.To, At: s.nightOf(d).Add(-s.lag)})
	}
	told := map[string]string{}
	for _, row := range s.centre.World().Aggregates(time.Hour, asked) {
		told[keyLine(schema.SourceAggregates, row)] = cellLine(row)
	}
	if len(told) == 0 {
		return []string{"source_aggregates: the ledger has no rows"}
	}
	var n faults
	compared := len(told)
	found := tableDifferences(t, db, schema.SourceAggregates, told, func(map[string]any) bool { return true }, &n)
	t.Logf("compared %d rows of source_aggregates: %s", compared, n)
	return found
}
