package sql

import (
	"fmt"
	"slices"
	"strings"

	"trunkline/schema"
)

// Redshift is the dialect of Amazon Redshift, a provisioned cluster or serverless. Sessions run in UTC; parameters are rows of a
// temporary table, trunkline_parameters, for Redshift knows no settings but its own. A batch is copied into the temporary table
// trunkline_batch, where batch_file and batch_row say where a row stood.
//
// Text has its greatest length, counted in bytes as Redshift does. Keys are declared, for the planner, which believes them and holds
// nobody to them: it is the merge that makes them true. What belongs together lies together: the rows of a conversation on one slice,
// and small tables on each node.
func Redshift() Dialect {
	d := Dialect{
		Name:          "redshift",
		Type:          redshiftType,
		Columns:       redshiftColumns,
		Batch:         "trunkline_batch",
		File:          "batch_file",
		Row:           "batch_row",
		LoadedAt:      redshiftParameter("loaded_at"),
		Temporary:     "create temp table",
		Informational: "primary key (%s)",
		Place:         redshiftPlace,
		Identifier:    doubled(`"`),
		String:        func(text string) string { return doubled("'")(strings.ReplaceAll(text, `\`, `\\`)) },
		Using:         true,
		Text: map[schema.Type]func(string) string{schema.Boolean: func(value string) string {
			return fmt.Sprintf("case when %[1]s then 'true' when not %[1]s then 'false' end", value)
		}},
		Grants:        true,
		GrantsColumns: true,
		Enter:         "usage",
		Everybody:     "public",
		CreateRole:    func(account string) string { return `create role "` + account + `"` },
		Grantee:       func(account string) string { return `role "` + account + `"` },
		Functions:     redshiftFunctions(),
	}
	d.Widen = func(t *schema.Table, c schema.Column, was string) string {
		if c.Type == schema.Text && strings.HasPrefix(was, "varchar(") {
			return fmt.Sprintf("alter table %s alter column %s type %s", d.Quote(t.Name), d.Quote(c.Name), d.Type(c))
		}
		return fmt.Sprintf("alter table %s rename column %s to %s", d.Quote(t.Name), d.Quote(c.Name), d.Quote(c.Name+"_before"))
	}
	return d
}

// longestText is the greatest length of a text in Redshift, in bytes.
const longestText = 65535

func redshiftType(c schema.Column) string {
	switch c.Type {
	case schema.Text:
		n := c.MaxBytes
		if n < 1 || n > longestText {
			n = longestText
		}
		return fmt.Sprintf("varchar(%d)", n)
	case schema.Integer:
		return "bigint"
	case schema.Real:
		return "double precision"
	case schema.Boolean:
		return "boolean"
	default:
		return "timestamp"
	}
}

const redshiftColumns = `select
    columns."column",
    case
        when columns.type = 'timestamp without time zone' then 'timestamp'
        else replace(columns.type, 'character varying', 'varchar')
    end,
    coalesce(col_description(attributes.attrelid, attributes.attnum), '')
from pg_table_def as columns
join pg_namespace as schemas
    on schemas.nspname = columns.schemaname
join pg_class as tables
    on tables.relnamespace = schemas."oid"
    and tables.relname = columns.tablename
join pg_attribute as attributes
    on attributes.attrelid = tables."oid"
    and attributes.attname = columns."column"
where columns.schemaname = current_schema()
    and columns.tablename = $1`

// redshiftPlace spreads the rows of a conversation, or of a contact, by its id, never by a column that may be NULL: all those rows would
// lie on one slice. Of other tables each node has a copy.
func redshiftPlace(t *schema.Table) string {
	spread := "diststyle all"
	if first := t.Keys()[0]; first == "conversation_id" || first == "contact_id" {
		spread = fmt.Sprintf(`diststyle key distkey("%s")`, first)
	}
	sort := t.Sort
	if _, ok := t.Column("conversation_start"); ok && !slices.Contains(sort, "conversation_start") {
		sort = []string{"conversation_start"}
	}
	if len(sort) == 0 {
		return spread
	}
	return spread + ` compound sortkey("` + strings.Join(sort, `", "`) + `")`
}

// redshiftParameter gives the value of a parameter.
func redshiftParameter(name string) string {
	kind := map[string]string{
		"business_date": "varchar(10)", "join_limit": "double precision", "checked_at": "timestamp", "since": "timestamp",
		"unmatched_contacts_limit": "double precision", "unanalysed_limit": "double precision", "loaded_at": "timestamp",
	}[name]
	return fmt.Sprintf("(select cast(max(value) as %s) from trunkline_parameters where name = '%s')", kind, name)
}

func redshiftFunctions() map[string]func(...string) string {
	return map[string]func(...string) string{
		"textType":     func(...string) string { return "varchar(256)" },
		"realType":     func(...string) string { return "double precision" },
		"parameter":    func(a ...string) string { return redshiftParameter(a[0]) },
		"alphanumeric": func(a ...string) string { return "regexp_replace(" + a[0] + ", '[^0-9A-Za-z]', '')" }, // all of them, unasked
		"anyTrue":      func(a ...string) string { return "bool_or(" + a[0] + ")" },
		"longestChain": func(...string) string { return "1000" },
		"recursive":    recursive,
		"elements": func(a ...string) string {
			return fmt.Sprintf("select value as %s from trunkline_parameters where name = '%s'", a[1], a[0])
		},
		"joined": func(a ...string) string {
			return fmt.Sprintf("nullif(listagg(%s, ', ') within group (order by %s), '')", a[0], a[1])
		},
		"daysBefore": func(a ...string) string {
			return fmt.Sprintf("to_char(dateadd(day, -(%[2]s), cast(%[1]s as date)), 'YYYY-MM-DD')", a[0], a[1])
		},
		"weekOf": func(a ...string) string {
			return fmt.Sprintf("to_char(date_trunc('week', cast(%s as date)), 'YYYY-MM-DD')", a[0])
		},
		"oneDecimal": func(a ...string) string { return redshiftTenths(a[0], "FM999999999990.0") },
		"signed":     func(a ...string) string { return redshiftTenths(a[0], "FMSG999999999990.0") },
		"percent": func(a ...string) string {
			return fmt.Sprintf("cast((2000 * (%[1]s) + %[2]s) / (2 * nullif(%[2]s, 0)) as double precision) / 10", a[0], a[1])
		},
		"quotient": func(a ...string) string {
			return fmt.Sprintf("(2 * (%[1]s) + %[2]s) / (2 * nullif(%[2]s, 0))", a[0], a[1])
		},
		"share": func(a ...string) string {
			return fmt.Sprintf("cast(%s as double precision) / nullif(%s, 0)", a[0], a[1])
		},
		// What round makes of halves is not said of a double precision; this is exact.
		"nearest": func(a ...string) string {
			return fmt.Sprintf("(trunc(%[1]s) + trunc(2 * (%[1]s - trunc(%[1]s))))", a[0])
		},
		"median": func(a ...string) string { return "median(cast(" + a[0] + " as double precision))" },
		// datediff counts the seconds of the clock that begin in between.
		"seconds": func(a ...string) string { return fmt.Sprintf("datediff(second, %s, %s)", a[0], a[1]) },
		"hours": func(a ...string) string {
			return fmt.Sprintf("cast(datediff(second, %s, %s) as double precision) / 3600", a[0], a[1])
		},
	}
}

// redshiftTenths writes a double precision that stands for a number of tenths. To cast it to a numeric would not do: an explicit cast
// cuts off (r_Numeric_types201), so that 9.6, which is a little less, would be 9.5.
func redshiftTenths(value, format string) string {
	return fmt.Sprintf("to_char(cast(round(10 * (%s)) as bigint) / 10.0, '%s')", value, format)
}
