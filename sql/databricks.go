package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// Databricks is the dialect of Databricks SQL over Delta tables, written from its documentation and sent to no account yet. Sessions
// run in UTC; parameters are named markers of a statement, lists JSON. A batch is copied into the table trunkline_batch, where
// batch_file and batch_row say where a row stood (copy into … select _metadata.file_path, _metadata.row_index).
//
// Each statement is a transaction of its own: delete and insert are not one, and a run that was killed between them has to be sent
// again to the end, from the plan that it left. That is why the plan is a table that stays.
func Databricks() Dialect {
	types := map[schema.Type]string{
		schema.Text: "string", schema.Integer: "bigint", schema.Real: "double",
		schema.Boolean: "boolean", schema.Timestamp: "timestamp",
	}
	d := Dialect{
		Name:          "databricks",
		Type:          func(c schema.Column) string { return types[c.Type] },
		Identifier:    doubled("`"),
		String:        escaped("'"),
		Batch:         "trunkline_batch",
		File:          "batch_file",
		Row:           "batch_row",
		LoadedAt:      ":loaded_at",
		Temporary:     "create or replace table",
		Informational: "primary key (%s)",
		Documented:    func(doc string) string { return " comment " + doc },
		DescribeColumn: func(table, column, doc string) string {
			return fmt.Sprintf("alter table %s alter column %s comment %s", table, column, doc)
		},
		Unnest: func(items string) string {
			return "lateral view explode(array(" + items + "\n)) changed as column_name\nwhere column_name is not null"
		},
		Grants:      true,
		Grantee:     doubled("`"), // a group, which is made in the account and by no statement
		Enter:       "use schema",
		GrantedView: "view ",
		Untried:     "Evidence: text. Written from the documentation of Databricks, sent to no account.",
		Functions:   databricksFunctions(),
	}
	d.Place = func(t *schema.Table) string {
		by := t.Keys()
		if _, ok := t.Column("conversation_start"); ok {
			by = append([]string{"conversation_start"}, by...)
		}
		return fmt.Sprintf("cluster by (%s)\ncomment %s", strings.Join(d.quoted(by[:min(len(by), 4)]), ", "), d.Literal(t.Doc))
	}
	return d
}

// databricksFunctions gives what views and checks call by name.
func databricksFunctions() map[string]func(...string) string {
	return map[string]func(...string) string{
		"textType":  func(...string) string { return "string" },
		"realType":  func(...string) string { return "double" },
		"parameter": func(a ...string) string { return ":" + a[0] },
		"elements": func(a ...string) string {
			return fmt.Sprintf("select explode(from_json(:%s, 'array<string>')) as %s", a[0], a[1])
		},
		"daysBefore": func(a ...string) string {
			return fmt.Sprintf("date_format(date_sub(cast(%s as date), %s), 'yyyy-MM-dd')", a[0], a[1])
		},
		"weekOf": func(a ...string) string {
			return fmt.Sprintf("date_format(date_trunc('WEEK', cast(%s as date)), 'yyyy-MM-dd')", a[0])
		},
		"oneDecimal": func(a ...string) string { return fmt.Sprintf("cast(cast(%s as decimal(18, 1)) as string)", a[0]) },
		// format_string writes NULL as a word.
		"signed": func(a ...string) string {
			return fmt.Sprintf("case when %[1]s >= 0 then '+' else '' end || cast(cast(%[1]s as decimal(18, 1)) as string)", a[0])
		},
		"percent": func(a ...string) string {
			return fmt.Sprintf("cast((2000 * (%[1]s) + %[2]s) div (2 * nullif(%[2]s, 0)) as double) / 10", a[0], a[1])
		},
		"quotient": func(a ...string) string {
			return fmt.Sprintf("(2 * (%[1]s) + %[2]s) div (2 * nullif(%[2]s, 0))", a[0], a[1])
		},
		"share":   func(a ...string) string { return fmt.Sprintf("cast(%s as double) / nullif(%s, 0)", a[0], a[1]) },
		"nearest": func(a ...string) string { return "round(" + a[0] + ")" },
		"median":  func(a ...string) string { return "median(" + a[0] + ")" },
		"seconds": func(a ...string) string { return fmt.Sprintf("unix_timestamp(%s) - unix_timestamp(%s)", a[1], a[0]) },
		"hours": func(a ...string) string {
			return fmt.Sprintf("cast(unix_timestamp(%s) - unix_timestamp(%s) as double) / 3600", a[1], a[0])
		},
		"anyTrue": func(a ...string) string { return "bool_or(" + a[0] + ")" },
		"joined": func(a ...string) string {
			return fmt.Sprintf("nullif(listagg(%s, ', ') within group (order by %s), '')", a[0], a[1])
		},
		"alphanumeric": func(a ...string) string { return "regexp_replace(" + a[0] + ", '[^0-9A-Za-z]', '')" },
		"longestChain": func(...string) string { return "1000" },
		"recursive": func(a ...string) string {
			return fmt.Sprintf("with recursive %s (%s) max recursion level 1000 as", a[0], a[1])
		},
	}
}
