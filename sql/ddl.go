package sql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trunkline/schema"
)

// CreateTable gives the statement that makes a table where it is not there yet.
func (d Dialect) CreateTable(t *schema.Table) string {
	columns := make([]string, len(t.Columns), len(t.Columns)+1)
	for i, c := range t.Columns {
		columns[i] = d.Quote(c.Name) + " " + d.collated(c)
		if !c.Nullable {
			columns[i] += " not null"
		}
		columns[i] += d.documented(c)
	}
	if d.Informational != "" {
		columns = append(columns, fmt.Sprintf(d.Informational, strings.Join(d.quoted(t.Keys()), ", ")))
	}
	var place string
	if d.Place != nil {
		place = "\n" + d.Place(t)
	}
	return fmt.Sprintf("create table if not exists %s (%s\n)%s", d.Quote(t.Name), lines(columns), place)
}

// documented gives what follows a column's type to document it where it is made.
func (d Dialect) documented(c schema.Column) string {
	if d.Documented == nil {
		return ""
	}
	return d.Documented(d.Literal(c.Doc))
}

// CreateKey gives the statement that lets the warehouse hold a new table's key to be unique; empty where it cannot.
func (d Dialect) CreateKey(t *schema.Table) string {
	if !d.Keys {
		return ""
	}
	return fmt.Sprintf("alter table %s add primary key (%s)", d.Quote(t.Name), strings.Join(d.quoted(t.Keys()), ", "))
}

// AddColumn gives the statement that adds a column at the end of a table that has rows: they have no value for it, so that
// it may be NULL whatever is declared.
func (d Dialect) AddColumn(t *schema.Table, c schema.Column) string {
	return fmt.Sprintf("alter table %s add column %s %s%s", d.Quote(t.Name), d.Quote(c.Name), d.collated(c), d.documented(c))
}

// collated gives the type with which a column is made.
func (d Dialect) collated(c schema.Column) string {
	if c.Type == schema.Text {
		return d.Type(c) + d.Collation
	}
	return d.Type(c)
}

// ChangeType gives the statement that a person may run to give a column, which is of the type was, its declared type.
func (d Dialect) ChangeType(t *schema.Table, c schema.Column, was string) string {
	if d.Widen != nil {
		return d.Widen(t, c, was)
	}
	return fmt.Sprintf("alter table %s alter column %s set data type %s", d.Quote(t.Name), d.Quote(c.Name), d.Type(c))
}

// CommentTable gives the statement that documents a table.
func (d Dialect) CommentTable(t *schema.Table) string {
	if d.DescribeTable != nil {
		return d.DescribeTable(d.Quote(t.Name), d.Literal(t.Doc))
	}
	return fmt.Sprintf("comment on table %s is %s", d.Quote(t.Name), d.Literal(t.Doc))
}

// CommentColumn gives the statement that documents a column.
func (d Dialect) CommentColumn(t *schema.Table, c schema.Column) string {
	if d.DescribeColumn != nil {
		return d.DescribeColumn(d.Quote(t.Name), d.Quote(c.Name), d.Literal(c.Doc))
	}
	return fmt.Sprintf("comment on column %s.%s is %s", d.Quote(t.Name), d.Quote(c.Name), d.Literal(c.Doc))
}

// CommentViewColumns gives the statements that document these columns of a view.
func (d Dialect) CommentViewColumns(v *View, columns []string) []string {
	var all []string
	for _, c := range v.Columns {
		if slices.Contains(columns, c.Name) {
			all = append(all, fmt.Sprintf("comment on column %s.%s is %s", d.Quote(v.Name), d.Quote(c.Name), d.Literal(c.Meaning)))
		}
	}
	return all
}

// CreateView gives the statement that makes or replaces a view of a query.
func (d Dialect) CreateView(name, query string) string {
	if d.Dataset != "" {
		return fmt.Sprintf("create or replace view %s as\n%s", d.InDataset(name), d.findTables(strings.TrimSpace(query)))
	}
	return fmt.Sprintf("create or replace view %s as\n%s", d.Quote(name), strings.TrimSpace(query))
}

// InDataset gives the name of a table or view as one that is found from anywhere.
func (d Dialect) InDataset(name string) string { return d.Quote(d.Dataset) + "." + d.Quote(name) }

// named finds the words of a query that name what it reads.
var named = regexp.MustCompile(`\b(?:from|join)\s+([a-z][a-z0-9_]*)`)

// findTables lets a query find the tables that it reads in the dataset: each stands before it under its own name.
func (d Dialect) findTables(query string) string {
	var names []string
	for _, match := range named.FindAllStringSubmatch(query, -1) {
		names = append(names, match[1])
	}
	var tables []string
	for _, t := range schema.All() {
		if slices.Contains(names, t.Name) && !t.Internal {
			tables = append(tables, fmt.Sprintf("%s as (\n    select *\n    from %s\n)", t.Name, d.InDataset(t.Name)))
		}
	}
	return fmt.Sprintf("with %s\n\n(\n%s\n)", strings.Join(tables, ",\n\n"), query)
}

// CreateKept gives the statement that keeps a query's present rows as a table.
func (d Dialect) CreateKept(name, query string) string {
	return fmt.Sprintf("create or replace table %s as\n%s", d.Quote(name), strings.TrimSpace(query))
}
