package sql

import (
	"fmt"

	"trunkline/schema"
)

// DuckDB is the dialect of the embedded warehouse. The loader sets the variables: files (the batch's, the last one wins
// between equals), loaded_at, and a check's parameters by their names. Sessions run in UTC.
//
// Text has no length here: DuckDB does not enforce one, so the length is kept where rows are cleaned. Real is double,
// because float has 32 bits. There is no primary key: it makes a merge many times slower; uniqueness comes from the plan and
// is audited.
func DuckDB() Dialect {
	types := map[schema.Type]string{
		schema.Text: "varchar", schema.Integer: "bigint", schema.Real: "double",
		schema.Boolean: "boolean", schema.Timestamp: "timestamp",
	}
	return Dialect{
		Name: "duckdb",
		Type: func(c schema.Column) string { return types[c.Type] },
		Columns: `select column_name, lower(data_type), coalesce(comment, '')
from duckdb_columns()
where database_name = current_database() and schema_name = 'main' and table_name = $1`,
		Identifier: doubled(`"`),
		String:     doubled("'"),
		Using:      true,
		Batch:      "read_parquet(getvariable('files'), union_by_name = true)",
		File:       "file_index",
		Row:        "file_row_number",
		LoadedAt:   "getvariable('loaded_at')",
		Temporary:  "create or replace temp table",
		Functions:  duckDBFunctions(),
	}
}

// duckDBFunctions gives what views and checks call by name.
func duckDBFunctions() map[string]func(...string) string {
	return map[string]func(...string) string{
		"textType": func(...string) string { return "varchar" },
		"realType": func(...string) string { return "double" },
		"parameter": func(a ...string) string {
			return "getvariable('" + a[0] + "')"
		},
		"alphanumeric": func(a ...string) string { return "regexp_replace(" + a[0] + ", '[^0-9A-Za-z]', '', 'g')" },
		"elements": func(a ...string) string {
			return fmt.Sprintf("select unnest(cast(getvariable('%s') as varchar[])) as %s", a[0], a[1]) // unnest wants to know of what
		},
		"joined": func(a ...string) string { return fmt.Sprintf("string_agg(%s, ', ' order by %s)", a[0], a[1]) },
		"daysBefore": func(a ...string) string {
			return fmt.Sprintf("strftime(cast(%s as date) - %s, '%%Y-%%m-%%d')", a[0], a[1])
		},
		"weekOf": func(a ...string) string {
			return fmt.Sprintf("strftime(date_trunc('week', cast(%s as date)), '%%Y-%%m-%%d')", a[0])
		},
		"oneDecimal": func(a ...string) string { return fmt.Sprintf("printf('%%.1f', %s)", a[0]) },
		"signed":     func(a ...string) string { return fmt.Sprintf("printf('%%+.1f', %s)", a[0]) },
		"percent": func(a ...string) string {
			return fmt.Sprintf("cast((2000 * (%[1]s) + %[2]s) // (2 * nullif(%[2]s, 0)) as double) / 10", a[0], a[1])
		},
		"quotient": func(a ...string) string {
			return fmt.Sprintf("(2 * (%[1]s) + %[2]s) // (2 * nullif(%[2]s, 0))", a[0], a[1])
		},
		"share": func(a ...string) string {
			return fmt.Sprintf("cast(%s as double) / nullif(%s, 0)", a[0], a[1])
		},
		"nearest":      func(a ...string) string { return "round(" + a[0] + ")" },
		"median":       func(a ...string) string { return "median(" + a[0] + ")" },
		"anyTrue":      func(a ...string) string { return "bool_or(" + a[0] + ")" },
		"longestChain": func(...string) string { return "1000" },
		"recursive":    recursive,
		"seconds": func(a ...string) string {
			return fmt.Sprintf("date_diff('second', %s, %s)", a[0], a[1])
		},
		"hours": func(a ...string) string {
			return fmt.Sprintf("date_diff('second', %s, %s) / 3600.0", a[0], a[1])
		},
	}
}
