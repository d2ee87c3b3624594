package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// BigQuery is the dialect of GoogleSQL as BigQuery speaks it. Parameters are those of a query, by their names. A batch lies in a
// table of its own for each table that it has rows for (see Staged), whose columns batch_file and batch_row say where a row stood.
// Everything is written by one script, in one transaction (see MergeScript). Names of tables are found in the query's default dataset, but not inside views, which BigQuery
// does not let know of it: they name Dataset.
//
// A table that has conversation_start is partitioned by its day, and all are clustered by their keys, by which merges look. Nothing
// asks that a partition be named in a query, because views go by business_date, which is the day of the queue's own time zone.
func BigQuery() Dialect {
	types := map[schema.Type]string{
		schema.Text: "string", schema.Integer: "int64", schema.Real: "float64",
		schema.Boolean: "bool", schema.Timestamp: "timestamp",
	}
	d := Dialect{
		Name:       "bigquery",
		Type:       func(c schema.Column) string { return types[c.Type] },
		Identifier: escaped("`"),
		String:     escaped("'"),
		Staged:     func(t *schema.Table) string { return "`trunkline_staging`.`" + t.Name + "`" },
		File:       "batch_file",
		Row:        "batch_row",
		Unnest: func(items string) string {
			return "cross join unnest([" + items + "\n]) as column_name\nwhere column_name is not null"
		},
		LoadedAt:      "@loaded_at",
		Temporary:     "create temp table",
		Informational: "primary key (%s) not enforced",
		Documented:    func(doc string) string { return " options (description = " + doc + ")" },
		DescribeTable: func(table, doc string) string {
			return fmt.Sprintf("alter table %s set options (description = %s)", table, doc)
		},
		DescribeColumn: func(table, column, doc string) string {
			return fmt.Sprintf("alter table %s alter column %s set options (description = %s)", table, column, doc)
		},
		Partition: "conversation_start",
		Dataset:   "trunkline",
		Text: map[schema.Type]func(string) string{schema.Timestamp: func(value string) string {
			return "format_timestamp('%F %H:%M:%E*S', " + value + ")"
		}},
		Functions: bigQueryFunctions(),
	}
	// A column is widened from whole numbers to all, and nothing else is altered: it is put aside and made anew.
	d.Widen = func(t *schema.Table, c schema.Column, was string) string {
		if was == types[schema.Integer] && c.Type == schema.Real {
			return fmt.Sprintf("alter table %s alter column %s set data type %s", d.Quote(t.Name), d.Quote(c.Name), d.Type(c))
		}
		return fmt.Sprintf("alter table %s rename column %s to %s", d.Quote(t.Name), d.Quote(c.Name), d.Quote(c.Name+"_before"))
	}
	d.Place = func(t *schema.Table) string {
		var partition string
		if d.partitioned(t) {
			partition = fmt.Sprintf("partition by date(%s)\n", d.Quote(d.Partition))
		}
		keys := d.quoted(t.Keys())
		return fmt.Sprintf("%scluster by %s\noptions (\n    description = %s,\n    labels = [('application', 'trunkline')]\n)",
			partition, strings.Join(keys[:min(len(keys), 4)], ", "), d.Literal(t.Doc))
	}
	return d
}

// bigQueryFunctions gives what views and checks call by name.
func bigQueryFunctions() map[string]func(...string) string {
	return map[string]func(...string) string{
		"textType":  func(...string) string { return "string" },
		"realType":  func(...string) string { return "float64" },
		"parameter": func(a ...string) string { return "@" + a[0] },
		"daysBefore": func(a ...string) string {
			return fmt.Sprintf("format_date('%%F', date_sub(cast(%s as date), interval %s day))", a[0], a[1])
		},
		"weekOf": func(a ...string) string {
			return fmt.Sprintf("format_date('%%F', date_trunc(cast(%s as date), isoweek))", a[0])
		},
		"oneDecimal": func(a ...string) string { return fmt.Sprintf("format('%%.1f', %s)", a[0]) },
		"signed":     func(a ...string) string { return fmt.Sprintf("format('%%+.1f', %s)", a[0]) },
		"percent": func(a ...string) string {
			return fmt.Sprintf("cast(div(2000 * (%[1]s) + %[2]s, 2 * nullif(%[2]s, 0)) as float64) / 10", a[0], a[1])
		},
		"quotient": func(a ...string) string {
			return fmt.Sprintf("div(2 * (%[1]s) + %[2]s, 2 * nullif(%[2]s, 0))", a[0], a[1])
		},
		"share": func(a ...string) string {
			return fmt.Sprintf("cast(%s as float64) / nullif(%s, 0)", a[0], a[1])
		},
		"nearest": func(a ...string) string { return "round(" + a[0] + ")" },
		// percentile_cont is only to be had over a window, and approx_quantiles is not exact.
		"median": func(a ...string) string {
			sorted := fmt.Sprintf("array_agg(%[1]s ignore nulls order by %[1]s)", a[0])
			return fmt.Sprintf("(%[1]s[safe_offset(div(count(%[2]s) - 1, 2))] + %[1]s[safe_offset(div(count(%[2]s), 2))]) / 2", sorted, a[0])
		},
		"seconds": func(a ...string) string { return fmt.Sprintf("unix_seconds(%s) - unix_seconds(%s)", a[1], a[0]) },
		"hours": func(a ...string) string {
			return fmt.Sprintf("(unix_seconds(%s) - unix_seconds(%s)) / 3600", a[1], a[0])
		},
		"anyTrue": func(a ...string) string { return "logical_or(" + a[0] + ")" },
		"elements": func(a ...string) string {
			return fmt.Sprintf("select %[2]s\n    from unnest(@%[1]s) as %[2]s", a[0], a[1])
		},
		"joined": func(a ...string) string {
			return fmt.Sprintf("string_agg(%s, ', ' order by %s)", a[0], a[1])
		},
		"alphanumeric": func(a ...string) string {
			return fmt.Sprintf("regexp_replace(%s, '[^0-9A-Za-z]', '')", a[0])
		},
		"longestChain": func(...string) string { return "500" }, // a query goes on no longer
		"recursive":    func(a ...string) string { return "with recursive " + a[0] + " as" },
	}
}
