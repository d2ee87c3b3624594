package redshiftsim_test

import (
	"testing"

	"trunkline/internal/redshiftsim"
)

// TestValues: where Redshift and PostgreSQL give different values, it is Redshift's (the page is named).
func TestValues(t *testing.T) {
	t.Parallel()
	c := connect(t, redshiftsim.Start(t, redshiftsim.Options{}))
	execute(t, c,
		"create table facts (n integer, big bigint, x double precision, word varchar(20), at timestamp)",
		"insert into facts values (1, 1, 1.5, 'a', '2026-01-31 10:59:59'), (2, 2, 2.5, 'b', '2026-02-28 11:00:00'), (2, 2, null, null, null)")
	for _, test := range []struct{ sql, want string }{
		{"select avg(n) from facts", "1"},                                                              // r_AVG: bigint for integers
		{"select avg(cast(n as double precision)) > 1.6 from facts", "true"},                           //
		{"select avg(big) from facts where n > 5", "<nil>"},                                            //
		{"select avg(x) from facts", "2"},                                                              //
		{"select 7 / 2", "3"},                                                                          //
		{`select 'a\\b' || '\'' || ''''`, `a\b''`},                                                     // backslash
		{`select 'line\nnext'`, "line\nnext"},                                                          //
		{"select len('müll ')", "5"},                                                                   // r_LEN: characters
		{"select octet_length('mü')", "3"},                                                             //
		{"select nvl(null, 3)", "3"},                                                                   // r_NVL_function
		{"select median(x) from facts", "2"},                                                           // r_MEDIAN
		{"select percentile_cont(0.5) within group (order by x) from facts", "2"},                      //
		{"select round(cast(2.45 as double precision), 1)", "2.5"},                                     // r_ROUND
		{"select cast(cast(cast(9.6 as double precision) as numeric(18, 1)) as varchar(40))", "9.5"},   // r_Numeric_types201: a cast rounds nothing
		{"select cast(cast(cast(-9.6 as double precision) as numeric(18, 1)) as varchar(40))", "-9.5"}, //
		{"select cast(cast(cast(0.5 as double precision) as numeric(18, 1)) as varchar(40))", "0.5"},   //
		{"select cast(cast(cast(1e20 as double precision) as numeric(38, 2)) as varchar(40))", "100000000000000000000.00"},
		{"select cast(cast(cast(1e-300 as double precision) as numeric(18, 2)) as varchar(40))", "0.00"},
		{"select cast(cast(2.59 as decimal(8, 1)) as varchar(40))", "2.5"},
		{"select cast(cast(n as numeric(8, 1)) as varchar(40)) from facts where n = 1", "1.0"},
		{"select cast(null as numeric(8, 1)) is null", "true"},
		{"select datediff(hour, '2026-01-01 10:59:59', '2026-01-01 11:00:00')", "1"},        // boundaries that are crossed
		{"select datediff(year, '2008-12-31', '2009-01-01')", "1"},                          //
		{"select datediff(day, min(at), max(at)) from facts", "28"},                         //
		{"select dateadd(year, 1, cast('2016-02-29' as timestamp))", "2017-03-01 00:00:00"}, // r_DATEADD_function
		{"select dateadd(month, 12, cast('2016-02-29' as timestamp))", "2017-02-28 00:00:00"},
		{"select dateadd(m, 30, cast('2008-02-28' as date))", "2008-02-28 00:30:00"},
		{"select add_months('2008-04-30', 1)", "2008-05-31 00:00:00"},
		{"select date_trunc('week', cast('2026-11-26' as date))", "2026-11-23 00:00:00"},
		{"select trunc(at) = cast('2026-01-31' as date) from facts where n = 1", "true"},
		{"select getdate() <= sysdate + interval '1 minute'", "true"},
		{"select concat('a', null) is null", "true"}, // r_CONCAT
		{"select cast('äöü' as varchar(3))", "ä"},    // bytes, cut at a character
		{"select len(cast(repeat('x', 300) as text))", "256"},
		{"select regexp_replace('a-b-c', '-')", "abc"}, // every occurrence
		{"select regexp_replace('the fox', 'FOX', 'quick', 1, 'i')", "the quick"},
		{"select strtol('ff', 16)", "255"},
		{"select sha2('', 256)", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"select listagg(word, ',') within group (order by word desc) from facts", "b,a"},
		{"select n from facts where true qualify row_number() over (partition by n order by x) = 1 and n = 2", "2"},
		{`select "N" from facts order by x limit 1`, "1"}, // r_names: folded in quotes too
		{"select count(*) from facts where x is not null and (word is null) <> (at is null)", "0"},
		{"with recursive up(n) as (select 1 as n union all select n + 1 from up where n < 4) select max(n) from up", "4"},
		{"select case when bool_or(x > 2) then 'y' else 'n' end from facts", "y"},
		{"select extract(epoch from cast('1970-01-02' as timestamp))", "86400"},
		{"select sum(n) over (partition by word order by at rows between unbounded preceding and current row) from facts where n = 1", "1"},
		{"select 'a' || 1", "a1"},
		{"select cast(n as varchar(10)) || cast(at as varchar(10)) from facts where n = 1", "12026-01-31"},
		{"select cast('true' as boolean) and cast(n as boolean) from facts where n = 1", "true"},
		{"select count(*) from pg_class where relname = 'designs'", "0"},
	} {
		if got := value(t, c, test.sql); got != test.want {
			t.Errorf("%s: %s instead of %s", test.sql, got, test.want)
		}
	}
	for _, test := range []struct{ sql, says string }{
		{"select cast(x > 1 as varchar(5)) from facts", "cannot cast type boolean to character varying"}, // dbt-utils#1016
		{"select cast(word as boolean) from facts", "cannot cast type character varying to boolean"},
		{"select n / 0 from facts", "22012"},
		{"select sum(x > 1) from facts", "42883"},
		{"select relpersistence from pg_class", "42703"},                                                   // a column of later releases
		{"select n + 1 from facts where word = 'ä' and regexp_replace(word, 'a', 'b', 'g') = ''", "22P02"}, // a position, not flags
	} {
		refused(t, c, test.says, test.sql)
	}
}
