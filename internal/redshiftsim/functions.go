package redshiftsim

import (
	"fmt"
	"strconv"
	"strings"
)

type functionKind int

const (
	scalar    functionKind = iota
	aggregate              // c_Aggregate_Functions; all of them are window functions as well
	window                 // c_Window_functions
	sorting                // aggregates that sort: listagg, median, percentile_cont
)

// function is one that Redshift documents.
type function struct {
	kind        functionKind
	least, most int // arguments
	star        bool
	leader      bool // runs on the leader node only
	unframed    bool // a window function without a frame
	write       func(p *parser, args []string) string
}

// called calls a function of the same meaning.
func called(pg string) func(*parser, []string) string {
	return func(_ *parser, args []string) string { return pg + "(" + strings.Join(args, ", ") + ")" }
}

// written fills a pattern with the arguments.
func written(pattern string) func(*parser, []string) string {
	return func(_ *parser, args []string) string {
		all := make([]any, len(args))
		for i, a := range args {
			all[i] = a
		}
		return fmt.Sprintf(pattern, all...)
	}
}

const many = 100

// functions are those of AWS's lists that mean the same in PostgreSQL or that values.sql brings: c_SQL_functions with its pages
// String_functions_header, Math_functions, Date_functions_header, conditional, hash, system. What is not here does not exist:
// STRING_AGG, ARRAY_AGG, GENERATE_SERIES, TO_JSON, FORMAT_TYPE, SET_CONFIG of other names, advisory locks.
var functions = buildFunctions()

func buildFunctions() map[string]function {
	all := map[string]function{}
	add := func(kind functionKind, least, most int, prefix, names string) {
		for n := range strings.FieldsSeq(names) {
			all[n] = function{kind: kind, least: least, most: most, write: called(prefix + n)}
		}
	}
	add(scalar, 1, 1, "pg_catalog.", `ascii char_length character_length chr initcap length lower upper md5 octet_length quote_ident
quote_literal reverse abs acos asin atan cbrt ceil ceiling cos cot degrees exp floor ln radians sign sin sqrt tan`)
	add(scalar, 1, 2, "pg_catalog.", "btrim ltrim rtrim")
	add(scalar, 2, 2, "pg_catalog.", `left right repeat strpos atan2 mod power to_char to_date to_number to_timestamp date_part`)
	add(scalar, 2, 3, "pg_catalog.", "lpad rpad")
	add(scalar, 3, 3, "pg_catalog.", "replace split_part translate")
	add(scalar, 0, 0, "pg_catalog.", "pi random current_database pg_backend_pid")
	add(scalar, 1, many, "", "coalesce greatest least")
	add(scalar, 2, 2, "", "nullif")
	add(scalar, 1, 2, "redshift.", "round trunc")
	add(scalar, 2, 2, "redshift.", "add_months date_trunc months_between sha2 strtol")
	add(scalar, 1, 1, "redshift.", "last_day")
	add(scalar, 0, 0, "redshift.", "getdate")
	add(aggregate, 1, 1, "pg_catalog.", `count sum min max bool_and bool_or bit_and bit_or stddev stddev_samp stddev_pop variance var_samp
var_pop`)
	add(aggregate, 1, 1, "redshift.", "avg")
	add(window, 0, 0, "pg_catalog.", "row_number rank dense_rank percent_rank cume_dist")
	add(window, 1, 1, "pg_catalog.", "ntile first_value last_value")
	add(window, 1, 2, "pg_catalog.", "lag lead") // without a default
	add(sorting, 1, 2, "", "listagg")
	add(sorting, 1, 1, "", "median percentile_cont")
	for n := range strings.FieldsSeq("row_number rank dense_rank percent_rank cume_dist ntile lag lead") {
		f := all[n]
		f.unframed = true
		all[n] = f
	}
	count := all["count"]
	count.star = true
	all["count"] = count
	addWritten(all)
	addSystem(all)
	return all
}

// addWritten adds the functions that are called otherwise in PostgreSQL, or that mean something else there.
func addWritten(all map[string]function) {
	scalars := map[string]struct {
		least, most int
		pattern     string
	}{
		"concat":    {2, 2, "(%s || %s)"}, // r_CONCAT: NULL if one is NULL; PostgreSQL's leaves NULL out
		"charindex": {2, 2, "pg_catalog.strpos(%[2]s, %[1]s)"},
		"len":       {1, 1, "pg_catalog.length(%s)"},
		"textlen":   {1, 1, "pg_catalog.length(%s)"},
		"log":       {1, 1, "pg_catalog.log(%s)"},
		"pow":       {2, 2, "pg_catalog.power(%s, %s)"},
		"replicate": {2, 2, "pg_catalog.repeat(%s, %s)"},
		"nvl2":      {3, 3, "(case when %[1]s is not null then %[2]s else %[3]s end)"},
	}
	for n, s := range scalars {
		all[n] = function{least: s.least, most: s.most, write: written(s.pattern)}
	}
	all["nvl"] = function{least: 2, most: many, write: called("coalesce")}
	for _, n := range []string{"substring", "substr"} {
		all[n] = function{least: 2, most: 3, write: called("pg_catalog.substr")}
	}
	all["regexp_replace"] = function{least: 2, most: 5, write: padded("redshift.regexp_replace", "''", "1", "''")}
	all["regexp_substr"] = function{least: 2, most: 2, write: called("redshift.regexp_substr")}
	all["regexp_count"] = function{least: 2, most: 2, write: called("redshift.regexp_count")}
	all["regexp_instr"] = function{least: 2, most: 2, write: called("redshift.regexp_instr")}
}

// padded calls a function with what is missing of its last arguments.
func padded(pg string, last ...string) func(*parser, []string) string {
	return func(_ *parser, args []string) string {
		return pg + "(" + strings.Join(append(args, last[len(args)-2:]...), ", ") + ")"
	}
}

// version is what VERSION tells (r_VERSION).
const version = "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.12103"

// addSystem adds what tells of the session (c_System_administration_functions, r_System_information_functions). What is told of the last
// COPY is as of the time when the statement was parsed.
func addSystem(all map[string]function) {
	leader := func(least, most int, pg string) function {
		return function{least: least, most: most, leader: true, write: called(pg)}
	}
	all["current_schema"] = leader(0, 0, "pg_catalog.current_schema")
	all["has_table_privilege"] = leader(2, 3, "pg_catalog.has_table_privilege")
	all["has_schema_privilege"] = leader(2, 3, "pg_catalog.has_schema_privilege")
	all["has_database_privilege"] = leader(2, 3, "pg_catalog.has_database_privilege")
	all["now"] = leader(0, 0, "pg_catalog.now")
	all["age"] = leader(1, 2, "pg_catalog.age")
	all["col_description"] = leader(2, 2, "pg_catalog.col_description") // r_COMMENT
	all["version"] = function{write: func(*parser, []string) string { return "cast(" + literal(version) + " as varchar)" }}
	all["pg_last_copy_count"] = function{write: func(p *parser, _ []string) string { return bigint(p.lastCopy.count) }}
	all["pg_last_copy_id"] = function{write: func(p *parser, _ []string) string { return bigint(p.lastCopy.id) }}
}

func bigint(n int64) string { return "cast(" + strconv.FormatInt(n, 10) + " as bigint)" }

// dateParts are the parts of a date by each of their names (r_Dateparts_for_datetime_functions). m is a minute.
var dateParts = map[string]string{
	"year": "year", "y": "year", "yr": "year", "yrs": "year", "years": "year",
	"quarter": "quarter", "quarters": "quarter", "qtr": "quarter", "qtrs": "quarter",
	"month": "month", "mon": "month", "mons": "month", "months": "month",
	"week": "week", "weeks": "week", "w": "week",
	"day": "day", "days": "day", "d": "day",
	"hour": "hour", "hours": "hour", "hr": "hour", "hrs": "hour", "h": "hour",
	"minute": "minute", "minutes": "minute", "min": "minute", "mins": "minute", "m": "minute",
	"second": "second", "seconds": "second", "sec": "second", "secs": "second", "s": "second",
	"millisecond": "milliseconds", "milliseconds": "milliseconds", "ms": "milliseconds", "msec": "milliseconds", "msecs": "milliseconds",
	"microsecond": "microseconds", "microseconds": "microseconds", "us": "microseconds", "usec": "microseconds", "usecs": "microseconds",
	"epoch": "epoch", "dow": "dow", "dayofweek": "dow", "weekday": "dow", "doy": "doy", "dayofyear": "doy",
}
