package sql

import (
	"fmt"
	"io"
	"strings"

	"trunkline/schema"
)

// Dictionary writes the data dictionary: every table and view, every column, in Markdown.
func Dictionary(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Data dictionary

Generated from the schema and the views; do not edit. Times are UTC, durations milliseconds, money US dollars. NULL is
always "not known or not applicable", never zero or false.

A column's *class* says who may see it: *performance* names or measures an individual agent, *revenue* tells what a customer
is worth, *identity* identifies a customer; a column without one is open to every role. *Filled by* is empty for what comes
from the source, *run* for what tells of the run that made the row, *loader* for what the warehouse's loader fills.

`)
	b.WriteString("## Tables\n")
	for _, t := range schema.All() {
		tableEntry(&b, t)
	}
	b.WriteString("\n## Views\n")
	views, err := Views()
	if err != nil {
		return err
	}
	for _, v := range views {
		viewEntry(&b, v)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the data dictionary: %w", err)
	}
	return nil
}

func tableEntry(b *strings.Builder, t *schema.Table) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\nKey: %s.\n\n", t.Name, cell(t.Doc), strings.Join(t.Keys(), ", "))
	b.WriteString("| # | column | type | NULL | class | filled by | meaning |\n|---|---|---|---|---|---|---|\n")
	for i, c := range t.Columns {
		kind := c.Type.String()
		if c.Type == schema.Text {
			kind = fmt.Sprintf("text(%d)", c.MaxBytes)
		}
		null := "no"
		if c.Nullable {
			null = "yes"
		}
		name := c.Name
		if c.Key {
			name = "**" + name + "**"
		}
		fmt.Fprintf(b, "| %d | %s | %s | %s | %s | %s | %s |\n", i+1, name, kind, null, c.Class, filledBy(c), cell(c.Doc))
	}
}

func filledBy(c schema.Column) string {
	switch {
	case c.Set != schema.Transform:
		return "loader"
	case c.Volatile:
		return "run"
	default:
		return ""
	}
}

func viewEntry(b *strings.Builder, v View) {
	fmt.Fprintf(b, "\n### %s\n\n%s. *%s*\n\n", v.Name, v.Title, v.Question)
	fmt.Fprintf(b, "Looks at %s. One row for each %s.\n", v.Period, strings.Join(v.Grain, ", "))
	if v.NeedsCRM {
		b.WriteString("Needs the CRM: while the join gate is closed it goes on showing the last run that passed it.\n")
	}
	b.WriteString("\n| column | unit | meaning |\n|---|---|---|\n")
	for _, c := range v.Columns {
		fmt.Fprintf(b, "| %s | %s | %s |\n", c.Name, c.Unit, cell(c.Meaning))
	}
	if measures := v.Measures(); len(measures) > 0 {
		b.WriteString("\nOver many rows (a quotient is never averaged):\n\n| figure | column | is | better |\n|---|---|---|---|\n")
		for _, m := range measures {
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", m.Title, m.Name, m.Formula(), m.Better)
		}
	}
}

// cell makes a text fit for a cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
