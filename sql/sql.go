// Package sql holds every statement that is sent to a warehouse: DDL and merges derived from the declared tables, KPI views
// and checks written once by hand. A warehouse's dialect is data; what it makes of everything is committed beside it
// (duckdb/ …), so that a change of any statement is read in the diff.
//
// A batch is merged in the same steps everywhere:
//
//	plan    one row a key of the batch: its newest version, and what is to become of it (insert, update, unchanged)
//	count   how many of each; a key that the table holds twice shows here, as more plans than keys, and stops the merge
//	delete  the rows that are replaced
//	insert  the new and the replacing rows
//
// all in one transaction with the commit ledger. Only rows whose content differs are written; a row never replaces one that
// was observed later. Rows are replaced by deleting and inserting because every warehouse can do that without a restriction,
// and because it does not rewrite what it leaves alone; where the warehouse itself holds keys to be unique, the insert replaces them
// (on conflict) and there is no delete.
package sql

import (
	"strings"

	"trunkline/schema"
)

// Dialect is what differs between warehouses.
type Dialect struct {
	Name string
	// Type gives the type of a column.
	Type func(schema.Column) string
	// Columns asks for the columns of the table $1: name, type in the words of Type, comment. No row: there is no such table.
	Columns string
	// Batch is the relation that holds a batch's rows as they were received, whole; File and Row are the columns of it that
	// say where a row stood.
	Batch, File, Row string
	// LoadedAt is the expression for the time of the load.
	LoadedAt string
	// Temporary begins the creation of a table that only this session sees, OnCommit ends it where the table is to go with the
	// transaction.
	Temporary, OnCommit string
	// Statistics begins the statement that looks at a table's rows; empty where a plan needs no such help.
	Statistics string
	// Keys tells whether the warehouse itself holds keys to be unique. An insert then replaces the row that has its key.
	Keys bool
	// Unnest tells that changed cells are best found in one pass over the rows, with unnest: where rows are not kept by column.
	Unnest bool
	// Collation follows the type of a text column where texts are not compared byte by byte anyway: which is greatest, and what comes
	// first, must not depend on the language of a server.
	Collation string
	// Comments tells whether columns are documented by statements of their own (comment on column …).
	Comments bool
	// Grants tells whether the warehouse has roles of its own; where it has none, a role gets a database of its own.
	Grants bool
	// Functions are what views and checks call by name; their arguments and results are SQL. They mean the same in every
	// dialect: nearest is the nearest whole number, halves away from zero.
	Functions map[string]func(args ...string) string
}

// Quote writes a name as an identifier.
func (d Dialect) Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Literal writes a text as a literal.
func (d Dialect) Literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// quoted writes names as identifiers.
func (d Dialect) quoted(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = d.Quote(n)
	}
	return out
}

// temporary begins the statement that makes a temporary table of a query.
func (d Dialect) temporary(name string) string { return d.Temporary + " " + name + d.OnCommit + " as" }

// lines joins items with commas, one a line, below a keyword.
func lines(items []string) string { return "\n    " + strings.Join(items, ",\n    ") }
