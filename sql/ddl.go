package sql

import (
	"fmt"
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
	}
	if d.Informational {
		columns = append(columns, "primary key ("+strings.Join(d.quoted(t.Keys()), ", ")+")")
	}
	place := ""
	if d.Place != nil {
		place = "\n" + d.Place(t)
	}
	return fmt.Sprintf("create table if not exists %s (%s\n)%s", d.Quote(t.Name), lines(columns), place)
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
	return fmt.Sprintf("alter table %s add column %s %s", d.Quote(t.Name), d.Quote(c.Name), d.collated(c))
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
	return fmt.Sprintf("comment on table %s is %s", d.Quote(t.Name), d.Literal(t.Doc))
}

// CommentColumn gives the statement that documents a column.
func (d Dialect) CommentColumn(t *schema.Table, c schema.Column) string {
	return fmt.Sprintf("comment on column %s.%s is %s", d.Quote(t.Name), d.Quote(c.Name), d.Literal(c.Doc))
}

// CreateView gives the statement that makes or replaces a view of a query.
func (d Dialect) CreateView(name, query string) string {
	return fmt.Sprintf("create or replace view %s as\n%s", d.Quote(name), strings.TrimSpace(query))
}

// CreateKept gives the statement that keeps a query's present rows as a table.
func (d Dialect) CreateKept(name, query string) string {
	return fmt.Sprintf("create or replace table %s as\n%s", d.Quote(name), strings.TrimSpace(query))
}
