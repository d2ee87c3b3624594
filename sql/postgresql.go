package sql

import (
	"fmt"

	"trunkline/schema"
)

// PostgreSQL is the dialect of a PostgreSQL server, version 15 or later. Sessions run in UTC; parameters are settings of the
// transaction, trunkline.NAME. A batch is copied into a temporary table, where batch_file and batch_row say where a row stood.
//
// Keys are primary keys: beside the plan that makes them unique they keep other hands from doubling a row, and an insert replaces the row
// that has its key (on conflict), in one pass over the index.
func PostgreSQL() Dialect {
	types := map[schema.Type]string{
		schema.Text: "text", schema.Integer: "bigint", schema.Real: "double precision",
		schema.Boolean: "boolean", schema.Timestamp: "timestamp",
	}
	return Dialect{
		Name: "postgres",
		Type: func(c schema.Column) string { return types[c.Type] },
		Columns: `select
    a.attname,
    case format_type(a.atttypid, a.atttypmod)
        when 'timestamp without time zone' then 'timestamp'
        else format_type(a.atttypid, a.atttypmod)
    end,
    coalesce(col_description(a.attrelid, a.attnum), '')
from pg_catalog.pg_attribute as a
join pg_catalog.pg_class as c
    on c.oid = a.attrelid
join pg_catalog.pg_namespace as n
    on n.oid = c.relnamespace
where n.nspname = current_schema()
    and c.relname = $1
    and a.attnum > 0
    and not a.attisdropped`,
		Identifier: doubled(`"`),
		String:     doubled("'"),
		Using:      true,
		Batch:      "pg_temp.trunkline_batch",
		File:       "batch_file",
		Row:        "batch_row",
		LoadedAt:   "(select cast(current_setting('trunkline.loaded_at') as timestamp))", // asked once, not for each row
		Temporary:  "create temporary table",
		OnCommit:   " on commit drop",
		Statistics: "analyze",
		Collation:  ` collate "C"`,
		Keys:       true,
		Unnest: func(items string) string {
			return "cross join lateral unnest(array_remove(array[" + items + "\n], null)) as changed (column_name)"
		},
		Grants:        true,
		GrantsColumns: true,
		Enter:         "usage",
		Everybody:     "public",
		Grantee:       func(account string) string { return `"` + account + `"` },
		CreateRole: func(account string) string {
			return fmt.Sprintf(`do $$
begin
    if not exists (select from pg_roles where rolname = '%[1]s') then
        create role "%[1]s" nologin;
    end if;
end $$`, account)
		},
		Functions: postgreSQLFunctions(),
	}
}

// postgreSQLFunctions gives what views and checks call by name.
func postgreSQLFunctions() map[string]func(...string) string {
	parameters := map[string]string{
		"business_date": "text", "join_limit": "double precision", "checked_at": "timestamp", "since": "timestamp",
		"unmatched_contacts_limit": "double precision", "unanalysed_limit": "double precision", "pivot_keys": "text[]",
	}
	return map[string]func(...string) string{
		"textType": func(...string) string { return "text" },
		"realType": func(...string) string { return "double precision" },
		"parameter": func(a ...string) string {
			return fmt.Sprintf("cast(nullif(current_setting('trunkline.%s', true), '') as %s)", a[0], parameters[a[0]])
		},
		"alphanumeric": func(a ...string) string { return "regexp_replace(" + a[0] + ", '[^0-9A-Za-z]', '', 'g')" },
		"elements": func(a ...string) string {
			return fmt.Sprintf("select unnest(cast(nullif(current_setting('trunkline.%[1]s', true), '') as %[2]s)) as %[3]s", a[0], parameters[a[0]], a[1])
		},
		"joined": func(a ...string) string { return fmt.Sprintf("string_agg(%s, ', ' order by %s)", a[0], a[1]) },
		"daysBefore": func(a ...string) string {
			return fmt.Sprintf("to_char(cast(%s as date) - %s, 'YYYY-MM-DD')", a[0], a[1])
		},
		"weekOf": func(a ...string) string {
			return fmt.Sprintf("to_char(date_trunc('week', cast(%s as date)), 'YYYY-MM-DD')", a[0])
		},
		"oneDecimal": func(a ...string) string {
			return fmt.Sprintf("to_char(cast(%s as numeric), 'FM999999999990.0')", a[0])
		},
		"signed": func(a ...string) string {
			return fmt.Sprintf("to_char(cast(%s as numeric), 'FMSG999999999990.0')", a[0])
		},
		"percent": func(a ...string) string {
			return fmt.Sprintf("cast((2000 * (%[1]s) + %[2]s) / (2 * nullif(%[2]s, 0)) as double precision) / 10", a[0], a[1])
		},
		"quotient": func(a ...string) string {
			return fmt.Sprintf("(2 * (%[1]s) + %[2]s) / (2 * nullif(%[2]s, 0))", a[0], a[1])
		},
		"share": func(a ...string) string {
			return fmt.Sprintf("cast(%s as double precision) / nullif(%s, 0)", a[0], a[1])
		},
		// round of a double precision takes halves to the even number, and of a numeric what is left of 15 digits; this is exact.
		"nearest": func(a ...string) string {
			return fmt.Sprintf("(trunc(%[1]s) + trunc(2 * (%[1]s - trunc(%[1]s))))", a[0])
		},
		"median":       func(a ...string) string { return "percentile_cont(0.5) within group (order by " + a[0] + ")" },
		"anyTrue":      func(a ...string) string { return "bool_or(" + a[0] + ")" },
		"longestChain": func(...string) string { return "1000" },
		"recursive":    recursive,
		"seconds":      func(a ...string) string { return "cast(" + secondsBetween(a[0], a[1]) + " as bigint)" },
		"hours": func(a ...string) string {
			return "cast(" + secondsBetween(a[0], a[1]) + " as double precision) / 3600"
		},
	}
}

// secondsBetween counts the whole seconds of the clock from one time to another.
func secondsBetween(a, b string) string {
	return fmt.Sprintf("floor(extract(epoch from %s)) - floor(extract(epoch from %s))", b, a)
}
