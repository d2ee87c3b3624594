package sql

import (
	"fmt"
	"slices"
	"strings"

	"trunkline/schema"
)

// Snowflake is the dialect of Snowflake, written from its documentation and sent to no account yet. Sessions run in UTC; parameters are
// session variables, lists rows of a temporary table, trunkline_parameters. A batch is copied into the temporary table
// trunkline_batch, where batch_file and batch_row say where a row stood (copy into … match_by_column_name include_metadata).
//
// A name that is not quoted is one in capitals, and so are all that we quote: what is written by hand finds what is generated. Making a
// table ends a transaction, so that the plan is made before the transaction that goes by it, and the lease keeps others out in between.
func Snowflake() Dialect {
	types := map[schema.Type]string{
		schema.Text: "varchar", schema.Integer: "bigint", schema.Real: "double",
		schema.Boolean: "boolean", schema.Timestamp: "timestamp_ntz",
	}
	upper := func(name string) string { return doubled(`"`)(strings.ToUpper(name)) }
	d := Dialect{
		Name:          "snowflake",
		Type:          func(c schema.Column) string { return types[c.Type] },
		Identifier:    upper,
		String:        func(text string) string { return doubled("'")(strings.ReplaceAll(text, `\`, `\\`)) },
		Batch:         "trunkline_batch",
		File:          "batch_file",
		Row:           "batch_row",
		LoadedAt:      "cast($loaded_at as timestamp_ntz)",
		Temporary:     "create or replace temporary table",
		Using:         true,
		Informational: "primary key (%s)",
		Documented:    func(doc string) string { return " comment " + doc },
		Text: map[schema.Type]func(string) string{schema.Timestamp: func(value string) string {
			return "to_varchar(" + value + ", 'YYYY-MM-DD HH24:MI:SS.FF6')"
		}},
		Grants:      true,
		CreateRole:  func(account string) string { return "create role if not exists " + upper(account) },
		Grantee:     func(account string) string { return "role " + upper(account) },
		Enter:       "usage",
		GrantedView: "view ",
		Untried:     "Evidence: text. Written from the documentation of Snowflake, sent to no account.",
		Functions:   snowflakeFunctions(),
	}
	d.Place = func(t *schema.Table) string {
		comment := "comment = " + d.Literal(t.Doc)
		if i := slices.IndexFunc(t.Columns, func(c schema.Column) bool { return c.Name == "conversation_start" }); i >= 0 {
			return fmt.Sprintf("cluster by (to_date(%s))\n%s", d.Quote(t.Columns[i].Name), comment)
		}
		return comment
	}
	return d
}

// snowflakeFunctions gives what views and checks call by name.
func snowflakeFunctions() map[string]func(...string) string {
	types := map[string]string{
		"business_date": "varchar", "join_limit": "double", "checked_at": "timestamp_ntz", "since": "timestamp_ntz",
		"unmatched_contacts_limit": "double", "unanalysed_limit": "double",
	}
	// A division of whole numbers has digits behind the point, as many as it has room for: only what can be divided is divided.
	whole := func(a, b string) string { return fmt.Sprintf("(%[1]s - mod(%[1]s, %[2]s)) / %[2]s", a, b) }
	return map[string]func(...string) string{
		"textType":  func(...string) string { return "varchar" },
		"realType":  func(...string) string { return "double" },
		"parameter": func(a ...string) string { return fmt.Sprintf("cast($%s as %s)", a[0], types[a[0]]) },
		"elements": func(a ...string) string {
			return fmt.Sprintf("select value as %s from trunkline_parameters where name = '%s'", a[1], a[0])
		},
		"daysBefore": func(a ...string) string {
			return fmt.Sprintf("to_char(dateadd(day, -(%[2]s), cast(%[1]s as date)), 'YYYY-MM-DD')", a[0], a[1])
		},
		"weekOf": func(a ...string) string {
			return fmt.Sprintf("to_char(dateadd(day, 1 - dayofweekiso(cast(%[1]s as date)), cast(%[1]s as date)), 'YYYY-MM-DD')", a[0])
		},
		"oneDecimal": func(a ...string) string {
			return fmt.Sprintf("to_char(cast(%s as number(18, 1)), 'FM999999999990.0')", a[0])
		},
		"signed": func(a ...string) string {
			return fmt.Sprintf("to_char(cast(%s as number(18, 1)), 'FMS999999999990.0')", a[0])
		},
		"percent": func(a ...string) string {
			return "cast(" + whole(fmt.Sprintf("(2000 * (%s) + %s)", a[0], a[1]), fmt.Sprintf("(2 * nullif(%s, 0))", a[1])) + " as double) / 10"
		},
		"quotient": func(a ...string) string {
			return "cast(" + whole(fmt.Sprintf("(2 * (%s) + %s)", a[0], a[1]), fmt.Sprintf("(2 * nullif(%s, 0))", a[1])) + " as bigint)"
		},
		"share":   func(a ...string) string { return fmt.Sprintf("cast(%s as double) / nullif(%s, 0)", a[0], a[1]) },
		"nearest": func(a ...string) string { return "round(" + a[0] + ")" },
		"median":  func(a ...string) string { return "median(cast(" + a[0] + " as double))" },
		// datediff counts the seconds of the clock that begin in between.
		"seconds": func(a ...string) string { return fmt.Sprintf("datediff(second, %s, %s)", a[0], a[1]) },
		"hours": func(a ...string) string {
			return fmt.Sprintf("cast(datediff(second, %s, %s) as double) / 3600", a[0], a[1])
		},
		"anyTrue": func(a ...string) string { return "boolor_agg(" + a[0] + ")" },
		"joined": func(a ...string) string {
			return fmt.Sprintf("nullif(listagg(%s, ', ') within group (order by %s), '')", a[0], a[1])
		},
		"alphanumeric": func(a ...string) string { return "regexp_replace(" + a[0] + ", '[^0-9A-Za-z]', '')" },
		"longestChain": func(...string) string { return "100" }, // a query goes on no longer
		"recursive":    recursive,
	}
}
