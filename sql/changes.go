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
	var cells []string
	for _, c := range t.Columns {
		if c.Volatile || c.Key {
			continue
		}
		was, is := d.Quote("was_"+c.Name), d.Quote("is_"+c.Name)
		columns = append(columns, "present."+d.Quote(c.Name)+" as "+was, "batch."+d.Quote(c.Name)+" as "+is)
		cells = append(cells, fmt.Sprintf(
			`select %[1]s, %[2]s as column_name, %[5]s as old_value, %[6]s as new_value, %[7]t as restates, source_run
from pair
where (%[3]s is null) <> (%[4]s is null) or %[3]s <> %[4]s`,
			strings.Join(keys, ", "), d.Literal(c.Name), was, is, d.asText(c, was), d.asText(c, is), !c.Today))
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
		strings.Join(cells, "\nunion all\n"))
}

// asText writes a value of a column as changes are kept.
func (d Dialect) asText(c schema.Column, value string) string {
	if c.Type == schema.Boolean && d.Flag != nil {
		return d.Flag(value)
	}
	return fmt.Sprintf("cast(%s as %s)", value, d.Type(schema.Column{Type: schema.Text, MaxBytes: 2000}))
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
