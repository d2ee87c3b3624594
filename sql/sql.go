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
	// Identifier writes a name, String a text, so that it is read as nothing else whatever it holds.
	Identifier, String func(string) string
	// Batch is the relation that holds a batch's rows as they were received, whole; File and Row are the columns of it that
	// say where a row stood.
	Batch, File, Row string
	// Staged is Batch where the batches of several tables lie side by side.
	Staged func(*schema.Table) string
	// LoadedAt is the expression for the time of the load.
	LoadedAt string
	// Temporary begins the creation of a table that only this session sees, OnCommit ends it where the table is to go with the
	// transaction.
	Temporary, OnCommit string
	// Statistics begins the statement that looks at a table's rows; empty where a plan needs no such help.
	Statistics string
	// Keys tells whether the warehouse itself holds keys to be unique. An insert then replaces the row that has its key.
	Keys bool
	// Unnest goes through the items of an array as column_name, leaving out NULL, in the from of a query: changed cells are found in one
	// pass over the rows then. nil where they are better asked for column by column: where rows are kept by column.
	Unnest func(items string) string
	// Collation follows the type of a text column where texts are not compared byte by byte anyway: which is greatest, and what comes
	// first, must not depend on the language of a server.
	Collation string
	// Informational declares a key of columns %s to the planner, which believes it, where nobody holds it; empty where none is declared.
	Informational string
	// Place says behind a table's columns how its rows are spread and sorted, and what is to be known of it; nil where nothing is said.
	Place func(*schema.Table) string
	// Documented gives what follows a column's type to document it where it is made; nil where that takes a statement of its own.
	Documented func(doc string) string
	// DescribeTable and DescribeColumn give the statements that document what is there; nil where these are comment on.
	DescribeTable  func(table, doc string) string
	DescribeColumn func(table, column, doc string) string
	// Partition is the column by whose day tables are partitioned that have it; empty where the warehouse needs no such help to leave
	// out what a statement does not touch.
	Partition string
	// Using tells whether a delete may join another table (delete … using).
	Using bool
	// Dataset is where views look for tables; empty where they look beside themselves.
	Dataset string
	// Text writes a value of a type as text where a cast does not, or not as everywhere.
	Text map[schema.Type]func(value string) string
	// Grants tells whether the warehouse has roles of its own; where it has none, a role gets a database of its own.
	Grants bool
	// GrantsColumns tells whether a role is granted the columns of a view one by one.
	GrantsColumns bool
	// CreateRole makes a role, where there is none of its name if it can, and Grantee names it in a grant.
	CreateRole, Grantee func(account string) string
	// Enter is the right by which a role enters a schema, and GrantedView what a view is called before its name in a grant, if anything.
	Enter, GrantedView string
	// Everybody is the role from which rights on tables are taken first; empty where nobody has any that were not given.
	Everybody string
	// Untried says in every file on what grounds the dialect is written, where nothing of it was ever sent to its warehouse.
	Untried string
	// Widen gives the statement by which a person gives a column, which is of the type was, the declared one; nil where any type may
	// be altered.
	Widen func(t *schema.Table, c schema.Column, was string) string
	// Functions are what views and checks call by name; their arguments and results are SQL. They mean the same in every
	// dialect: nearest is the nearest whole number, halves away from zero; alphanumeric leaves of a text its ASCII letters and
	// digits; elements is a query of the elements of a list, and joined a list of texts in their order.
	Functions map[string]func(args ...string) string
}

// Quote writes a name as an identifier.
func (d Dialect) Quote(name string) string { return d.Identifier(name) }

// Literal writes a text as a literal.
func (d Dialect) Literal(text string) string { return d.String(text) }

// doubled encloses a text between marks and doubles those within.
func doubled(mark string) func(string) string {
	return func(text string) string { return mark + strings.ReplaceAll(text, mark, mark+mark) + mark }
}

// escaped encloses a text between marks, with backslashes before those within, and before backslashes. A line goes on within the marks
// in no dialect, so that a newline is written as one too.
func escaped(mark string) func(string) string {
	escape := strings.NewReplacer(`\`, `\\`, mark, `\`+mark, "\n", `\n`, "\r", `\r`)
	return func(text string) string { return mark + escape.Replace(text) + mark }
}

// recursive begins a query that calls itself by a name, with the names of its columns.
func recursive(a ...string) string { return "with recursive " + a[0] + " (" + a[1] + ") as" }

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
