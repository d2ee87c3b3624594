package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// compare gives the statement that makes merge_changes: a row for each cell of a replaced row that has another value now.
func (d Dialect) compare(t *schema.Table) string {
	keys := d.quoted(t.Keys())
	columns := append([]string{}, qualified("batch", keys)...)
	columns = append(columns, "batch."+d.Quote("source_run"))
	var cells []pairedCell
	for _, c := range t.Columns {
		if c.Volatile || c.Key {
			continue
		}
		x := pairedCell{Column: c, name: d.Literal(c.Name), was: d.Quote("was_" + c.Name), is: d.Quote("is_" + c.Name)}
		columns = append(columns, "present."+d.Quote(c.Name)+" as "+x.was, "batch."+d.Quote(c.Name)+" as "+x.is)
		cells = append(cells, x)
	}
	changed := d.changedCells
	if d.Structs {
		changed = d.changedStructs
	}
	batch, on := d.newest(t)
	same := d.sameKey(t, "present", "batch")
	if within := d.within(t, "present"); within != "" {
		same += "\n    and " + within
	}
	return fmt.Sprintf(`%s
with pair as (
    select%s
    from %s as batch
    join %s
        on %s
    join %s as present
        on %s
    where %s.action = 'update'
)
%s`,
		d.temporary(changesTable), indented(lines(columns)),
		indented(batch), planTable, indented(on),
		d.Quote(t.Name), indented(same), planTable, changed(keys, cells))
}

// pairedCell is a cell of a row before and after it is replaced.
type pairedCell struct {
	schema.Column
	name, was, is string // the column's name, and the columns of pair
}

// changedCells asks for the cells of pair that differ, column by column.
func (d Dialect) changedCells(keys []string, cells []pairedCell) string {
	selects := make([]string, len(cells))
	for i, c := range cells {
		selects[i] = fmt.Sprintf(
			`select %[1]s, %[2]s as column_name, %[5]s as old_value, %[6]s as new_value, %[7]t as restates, source_run
from pair
where (%[3]s is null) <> (%[4]s is null) or %[3]s <> %[4]s`,
			strings.Join(keys, ", "), c.name, c.was, c.is, d.asText(c.Column, c.was), d.asText(c.Column, c.is), !c.Today)
	}
	return strings.Join(selects, "\nunion all\n")
}

// changedStructs asks for the same, and goes through pair once.
func (d Dialect) changedStructs(keys []string, cells []pairedCell) string {
	structs := make([]string, len(cells))
	for i, c := range cells {
		structs[i] = fmt.Sprintf("struct(%s, %s, %s, %t)", c.name, d.asText(c.Column, c.was), d.asText(c.Column, c.is), !c.Today)
	}
	structs[0] = fmt.Sprintf("struct(%s as column_name, %s as old_value, %s as new_value, %t as restates)",
		cells[0].name, d.asText(cells[0].Column, cells[0].was), d.asText(cells[0].Column, cells[0].is), !cells[0].Today)
	return fmt.Sprintf(`select
    %s,
    cells.column_name,
    cells.old_value,
    cells.new_value,
    cells.restates,
    pair.source_run
from pair
cross join unnest([%s
]) as cells
where cells.old_value is distinct from cells.new_value`, strings.Join(qualified("pair", keys), ",\n    "), lines(structs))
}

// asText gives a column's value as a text.
func (d Dialect) asText(c schema.Column, expression string) string {
	if c.Type == schema.Timestamp && d.TimeText != nil {
		return d.TimeText(expression)
	}
	return fmt.Sprintf("cast(%s as %s)", expression, d.Type(schema.Column{Type: schema.Text, MaxBytes: 2000}))
}

// record gives the statement that keeps merge_changes.
func (d Dialect) record(t *schema.Table) string {
	names, values := make([]string, len(t.Changes.Columns)), make([]string, len(t.Changes.Columns))
	for i, c := range t.Changes.Columns {
		names[i], values[i] = d.Quote(c.Name), d.Quote(c.Name)
		if c.Name == "changed_at" {
			values[i] = d.LoadedAt
		}
	}
	return fmt.Sprintf("insert into %s (%s\n)\nselect%s\nfrom %s", d.Quote(t.Changes.Name), lines(names), lines(values), changesTable)
}

// indented moves all lines of a text but the first to the right.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }

func qualified(relation string, names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = relation + "." + n
	}
	return out
}
