// Package evidence lets a test say what it shows of a warehouse, and on what: the table of warehouses in the README is made of what the
// tests that ran and passed have said, and of nothing else. Only tests import it.
package evidence

import "testing"

// Level is what a test ran on.
type Level string

// The levels.
const (
	Live      Level = "live"        // a real account of the service: told in docs/warehouses.md, as not everybody has one
	Engine    Level = "real engine" // the engine itself, here
	Analyser  Level = "analyser"    // the service's own parser and type checker; nothing is executed
	Simulator Level = "simulator"   // our own, written from the vendor's documentation
	Text      Level = "docs only"   // the text, as read in the documentation; nothing has looked at it
)

// Capability is a row of the table.
type Capability string

// The capabilities.
const (
	Statements  Capability = "every statement of its SQL"
	Promises    Capability = "loads, merges, migrates (`loadertest`)"
	Kills       Capability = "killed at any moment, nothing lost or doubled"
	Faults      Capability = "a cut connection or a second loader: all or nothing"
	Views       Capability = "views, checks, functions (given / expected)"
	Reenriching Capability = "re-enrichment equals joining everything"
	Nights      Capability = "nights equal the ledger, cell by cell"
	Publishing  Capability = "publication in one step, behind the gate"
	Roles       Capability = "roles are refused what they must not see"
	Rights      Capability = "the rights of `doctor --grants` are enough"
	Plan        Capability = "`plan` tells what is sent"
)

// Shows notes, once the test has passed, that it shows a capability of a warehouse on a level. A test that fails or is skipped shows
// nothing.
func Shows(t testing.TB, warehouse string, c Capability, l Level) {
	t.Helper()
	t.Cleanup(func() {
		if !t.Failed() && !t.Skipped() {
			t.Logf("evidence: %s; %s; %s", warehouse, c, l)
		}
	})
}

// Warehouses gives the columns of the table.
func Warehouses() []string {
	return []string{"DuckDB", "PostgreSQL", "Redshift", "BigQuery", "Snowflake", "Databricks"}
}

// Capabilities gives its rows.
func Capabilities() []Capability {
	return []Capability{Statements, Promises, Kills, Faults, Views, Reenriching, Nights, Publishing, Roles, Rights, Plan}
}

// Levels gives what may stand in a cell, strongest first: Live is not among them.
func Levels() []Level { return []Level{Engine, Analyser, Simulator, Text} }
