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
	var cells []compared
	for _, c := range t.Columns {
		if c.Volatile || c.Key {
			continue
		}
		was, is := d.Quote("was_"+c.Name), d.Quote("is_"+c.Name)
		columns = append(columns, "present."+d.Quote(c.Name)+" as "+was, "batch."+d.Quote(c.Name)+" as "+is)
		cells = append(cells, compared{name: d.Literal(c.Name), was: was, is: is, restates: !c.Today})
	}
	changed := d.eachCell
	if d.Unnest {
		changed = d.unnestCells
	}
	return fmt.Sprintf(`%s
with pair as (
    select%s
    from %s as batch
    join %s
        on batch.%s = %s.batch_file
        and batch.%s = %s.batch_row
    join %s as present
        on %s
    where %s.action = 'update'
)
%s`,
		d.temporary(changesTable), strings.ReplaceAll(lines(columns), "\n", "\n    "),
		d.Batch, planTable, d.File, planTable, d.Row, planTable,
		d.Quote(t.Name), strings.ReplaceAll(d.sameKey(t, "present", "batch"), "\n", "\n    "), planTable,
		changed(keys, cells))
}

// compared is a column of a pair of rows: its name as a literal, the columns that have its two values, and whether another value restates the
// row.
type compared struct {
	name, was, is string
	restates      bool
}

// differs is the condition that a cell has changed.
func (c compared) differs() string {
	return fmt.Sprintf("(%[1]s is null) <> (%[2]s is null) or %[1]s <> %[2]s", c.was, c.is)
}

// asText writes a value as changes are kept.
func (d Dialect) asText(value string) string {
	return fmt.Sprintf("cast(%s as %s)", value, d.Type(schema.Column{Type: schema.Text, MaxBytes: 2000}))
}

// eachCell asks the pairs for one column after the other, which is best where rows are kept by column.
func (d Dialect) eachCell(keys []string, cells []compared) string {
	selects := make([]string, len(cells))
	for i, c := range cells {
		selects[i] = fmt.Sprintf("select %s, %s as column_name, %s as old_value, %s as new_value, %t as restates, source_run\nfrom pair\nwhere %s",
			strings.Join(keys, ", "), c.name, d.asText(c.was), d.asText(c.is), c.restates, c.differs())
	}
	return strings.Join(selects, "\nunion all\n")
}

// unnestCells goes through the pairs once, which is best where they are kept by row.
func (d Dialect) unnestCells(keys []string, cells []compared) string {
	var changed, was, is, today []string
	for _, c := range cells {
		changed = append(changed, fmt.Sprintf("case when %s then %s end", c.differs(), c.name))
		was = append(was, fmt.Sprintf("when %s then %s", c.name, d.asText(c.was)))
		is = append(is, fmt.Sprintf("when %s then %s", c.name, d.asText(c.is)))
		if !c.restates {
			today = append(today, c.name)
		}
	}
	restates := "true"
	if len(today) > 0 {
		restates = "column_name not in (" + strings.Join(today, ", ") + ")"
	}
	column := func(name string, whens []string) string {
		return "case column_name\n        " + strings.Join(whens, "\n        ") + "\n    end as " + name
	}
	return fmt.Sprintf("select%s\nfrom pair\ncross join lateral unnest(array_remove(array[%s\n], null)) as changed (column_name)",
		lines(append(append([]string{}, keys...), "column_name", column("old_value", was), column("new_value", is), restates+" as restates", "source_run")),
		lines(changed))
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

func qualified(relation string, names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = relation + "." + n
	}
	return out
}
