package redshiftsim

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// accepted are statements that Redshift documents, by the page that does. Each has to be understood.
var accepted = []struct{ page, sql string }{
	{"r_CREATE_TABLE_NEW", `create table if not exists "public"."t" ("id" varchar(100) not null encode zstd distkey, "at" timestamp sortkey, n bigint default 0)`},
	{"r_CREATE_TABLE_NEW", "create table t (id varchar(max), b boolean, x double precision, d numeric(18, 4), primary key (id)) diststyle key distkey (id) compound sortkey (b, x)"},
	{"r_CREATE_TABLE_NEW", "create table t (id bigint primary key references s (id), k text) backup no diststyle all"},
	{"r_CREATE_TABLE_NEW", "create temp table s (like t including defaults)"},
	{"r_CREATE_TABLE_AS", "create temporary table s distkey (a) sortkey (b) as select a, b from t"},
	{"r_CREATE_TABLE_AS", "create table s (a, b) as (select 1, 2)"},
	{"r_CREATE_VIEW", "create or replace view public.v as select a from public.t with no schema binding"},
	{"r_CREATE_VIEW", "create view v as with s as (select a from public.t) select s.a from s, public.u with no schema binding"},
	{"r_UPDATE", "update t set a = 1 from s join (select a from u left join w using (a)) as x on left(s.b, 1) = x.a where t.a = s.a"},
	{"r_CREATE_VIEW", "create view v (x) as with s as (select a from t) select a from s"},
	{"r_CREATE_SCHEMA", "create schema if not exists lake authorization loader"},
	{"r_CREATE_ROLE", "create role readers"},
	{"r_CREATE_USER", "create user reader password 'Secret123'"},
	{"r_ALTER_TABLE", "alter table t add column c varchar(10) default 'x' not null encode lzo"},
	{"r_ALTER_TABLE", "alter table t add primary key (id)"},
	{"r_ALTER_TABLE", "alter table t alter column c type varchar(20)"},
	{"r_ALTER_TABLE", "alter table t rename to u"},
	{"r_ALTER_TABLE", "alter table t drop column c cascade"},
	{"r_DROP_TABLE", "drop table if exists a, b cascade"},
	{"r_DROP_VIEW", "drop view if exists v"},
	{"r_COMMENT", `comment on column "t"."c" is 'it\'s ''so'''`},
	{"r_COMMENT", "comment on table t is null"},
	{"r_INSERT_30", "insert into t (a, b) values ($1, default), (2, 'x')"},
	{"r_INSERT_30", "insert into t with s as (select 1 as a) select a from s"},
	{"r_UPDATE", "update t set a = 1, b = s.b from s where t.id = s.id"},
	{"r_UPDATE", "with s as (select 1 as id) update t set a = 1 where id in (select id from s)"},
	{"r_DELETE", "delete from t using s where t.id = s.id and s.action in ('update', 'settle')"},
	{"r_DELETE", "delete t"},
	{"r_MERGE", "merge into t using s as src on t.id = src.id when matched then update set a = src.a when not matched then insert (id, a) values (src.id, src.a)"},
	{"r_MERGE", "merge into t using s on t.id = s.id and t.k = s.k when matched then delete when not matched then insert values (s.id)"},
	{"r_TRUNCATE", "truncate table t"},
	{"r_BEGIN", "begin isolation level serializable"},
	{"r_BEGIN", "start transaction read only"},
	{"r_COMMIT", "commit work"},
	{"r_ROLLBACK", "rollback"},
	{"r_LOCK", "lock table a, b"},
	{"r_ANALYZE", "analyze t (a, b)"},
	{"r_SET", "set search_path to lake, public"},
	{"r_SET", "set query_group = 'night'"},
	{"r_SHOW", "show search_path"},
	{"r_COPY", "copy stg from 's3://lake/m' iam_role 'arn:aws:iam::123456789012:role/copy' format as parquet manifest fillrecord acceptinvchars statupdate off"},
	{"r_COPY", `copy stg (a, b) from 's3://lake/m' iam_role default manifest region as 'eu-west-1' format csv delimiter '\t' null as '\\N' gzip timeformat 'auto' dateformat 'auto' ignoreheader 1`},
	{"r_GRANT", `grant select on public.t, public.u to role readers, public`},
	{"r_GRANT", `grant select (a, b) on t to role "readers"`},
	{"r_GRANT", "grant usage on schema public to reader"},
	{"r_GRANT", "grant all privileges on all tables in schema lake to group g"},
	{"r_GRANT", "grant role readers to reader"},
	{"r_REVOKE", "revoke all on public.t, public.u from public, role readers"},
	{"r_SELECT_synopsis", "select distinct a, count(*) as n from t group by a having count(*) > 1 order by n desc nulls last limit 10 offset 5"},
	{"r_TOP_CLAUSE", "select top 5 a from t"},
	{"r_FROM_clause30", "select t.* from t left join (select a from u) as s on t.a = s.a cross join v natural join w join x using (a, b)"},
	{"r_UNION", "select a from t union all select b from u except select 1 minus select 2"},
	{"r_WITH_clause", "with recursive c(a, b) as (select 1, 2 union all select a + 1, b from c where a < 5), d as (select 1 as e) select a from c, d"},
	{"r_QUALIFY_clause", "select a from t where true qualify row_number() over (partition by a order by b desc) = 1"},
	{"r_Window_function_synopsis", "select sum(a) over (partition by b order by c rows between 3 preceding and 1 following), lag(a, 2) over (order by c) from t"},
	{"r_WF_SUM", "select sum(a) over (partition by b), max(c) over () from t"},
	{"r_correlated_subqueries", "select s.a from s where s.q = (select max(l.n) from l where s.id = l.id) and exists (select 1 from m join k on m.b = s.b)"},
	{"r_correlated_subqueries", "select c.a from c left join (select e.id, row_number() over (order by e.id) as n from e) as e on c.id = e.id and e.n in (select n.n from n)"},
	{"r_CASE_function", "select case a when 1 then 'x' else 'y' end, case when a > 1 then 2 end from t"},
	{"r_expressions", "select (a is null) <> (b is null) or not a between 1 and 2 and c not in (select d from u) from t"},
	{"r_patternmatching_conditions", "select a like 'x%', a ilike 'x' escape '|', a similar to '(x|y)', a ~ '^x', a !~ 'y' from t"},
	{"r_CAST_function", "select cast(a as varchar(10)), b::float8, convert(integer, c), d::numeric(10, 2) from t"},
	{"r_interval_literals", "select getdate() - interval '30 days', date '2026-01-01', timestamp '2026-01-01 00:00:00'"},
	{"c_aggregate_functions", "select avg(a), listagg(distinct b, ', ') within group (order by b), median(b), stddev_samp(d), bool_or(e) from t"},
	{"PG_LAST_COPY_COUNT", "select pg_last_copy_count(), pg_last_copy_id()"},
	{"r_SVV_COLUMNS", "select column_name, data_type, character_maximum_length, remarks from svv_columns where table_schema = 'public' and table_name = $1"},
	{"r_PG_TABLE_DEF", `select "column", type, distkey, sortkey, "notnull" from pg_table_def where tablename = 't'`},
	{"c_intro_catalog_views", "select c.relname, d.description from pg_catalog.pg_class as c join pg_namespace as n on n.oid = c.relnamespace left join pg_description d on d.objoid = c.oid where n.nspname = current_schema()"},
	{"r_HAS_TABLE_PRIVILEGE", "select has_table_privilege('reader', 'public.t', 'select')"},
	{"r_SELECT_synopsis", "-- nothing but a comment\n/* and /* another */ one */"},
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for _, test := range accepted {
		all, err := parse(test.sql, copied{})
		if err != nil {
			t.Errorf("%s: %s: %v", test.page, test.sql, err)
		}
		for _, s := range all {
			if odd := foreign(s); odd != "" {
				t.Errorf("%s: %s became %s, with %q", test.page, test.sql, s.sql, odd)
			}
		}
	}
}

// refusedStatements are what PostgreSQL takes and Redshift does not document, with the SQLSTATE of the refusal.
var refusedStatements = []struct{ why, code, sql string }{
	{"no ON CONFLICT (r_INSERT_30)", "42601", "insert into t values (1) on conflict do nothing"},
	{"no ON CONFLICT after a query", "42601", "insert into t select a from s on conflict (a) do update set b = 1"},
	{"no RETURNING", "42601", "insert into t values (1) returning a"},
	{"no RETURNING after a query", "42601", "insert into t select a from s returning a"},
	{"no RETURNING", "42601", "delete from t where a = 1 returning a"},
	{"DELETE has no alias of its target (r_DELETE)", "42601", "delete from t as x using s where x.a = s.a"},
	{"DELETE has no alias of its target", "42601", "delete from t x where x.a = 1"},
	{"USING lists tables", "42601", "delete from t using (select a from s) as s where t.a = s.a"},
	{"MERGE has no target alias (r_MERGE)", "42601", "merge into t as x using s on x.a = s.a when matched then delete when not matched then insert values (s.a)"},
	{"MERGE has no subquery", "42601", "merge into t using (select a from s) as s on t.a = s.a when matched then delete when not matched then insert values (s.a)"},
	{"MERGE has no WHEN MATCHED AND", "42601", "merge into t using s on t.a = s.a when matched and s.b > 1 then delete when not matched then insert values (s.a)"},
	{"MERGE has equalities only", "42601", "merge into t using s on t.a > s.a when matched then delete when not matched then insert values (s.a)"},
	{"MERGE has both clauses", "42601", "merge into t using s on t.a = s.a when not matched then insert values (s.a)"},
	{"MERGE has no WITH", "42601", "with s as (select 1 as a) merge into t using s on t.a = s.a when matched then delete when not matched then insert values (1)"},
	{"source and target differ", "42601", "merge into t using t on t.a = t.a when matched then delete when not matched then insert values (1)"},
	{"no SERIAL (c_unsupported-postgresql-datatypes)", "42704", "create table t (a serial)"},
	{"no arrays", "42601", "create table t (a int[])"},
	{"no arrays", "42601", "select array[1, 2]"},
	{"no JSON", "42704", "create table t (a jsonb)"},
	{"no UUID", "42704", "select cast('x' as uuid)"},
	{"no regclass", "42704", "select 't'::regclass"},
	{"no bytea", "42704", "select 'x'::bytea"},
	{"no CHECK", "42601", "create table t (a int check (a > 0))"},
	{"no generated columns", "42601", "create table t (a int, b int generated always as (a) stored)"},
	{"no UNLOGGED", "42601", "create unlogged table t (a int)"},
	{"no ON COMMIT", "42601", "create temp table t (a int) on commit drop"},
	{"no ON COMMIT", "42601", "create temp table t on commit drop as select 1 as a"},
	{"no schema for a temporary table", "42P16", "create temp table public.t (a int)"},
	{"no pg_temp", "42P01", "select a from pg_temp.t"},
	{"no collation of PostgreSQL's", "42601", `create table t (a text collate "C")`},
	{"a varchar has 65535 bytes at most", "22023", "create table t (a varchar(65536))"},
	{"LIKE inherits its design", "42601", "create table t (like s) distkey (a)"},
	{"LIKE includes defaults only", "42601", "create table t (like s including all)"},
	{"a key names columns", "42703", "create table t (a int) sortkey (b)"},
	{"DISTSTYLE KEY needs a key", "42P16", "create table t (a int) diststyle key"},
	{"one column a statement (r_ALTER_TABLE)", "42601", "alter table t add column a int, add column b int"},
	{"a column that is added NOT NULL has a default", "0A000", "alter table t add column a int not null"},
	{"COLLATE is for new tables", "42601", "alter table t add column a text collate case_sensitive"},
	{"no GRANT OPTION on columns (r_GRANT-usage-notes)", "0A000", "grant select (a) on t to u with grant option"},
	{"nor GZIP behind a text that looks like FROM", "0A000", "copy t from 's3://lake/m' iam_role default gzip null as 'from' format parquet"},
	{"no ADD COLUMN IF NOT EXISTS", "42601", "alter table t add column if not exists a int"},
	{"ALTER COLUMN TYPE is for varchar", "0A000", "alter table t alter column a type bigint"},
	{"no indexes", "42601", "create index i on t (a)"},
	{"no unique indexes", "42601", "create unique index i on t (a)"},
	{"no sequences", "42601", "create sequence s"},
	{"no triggers", "42601", "create trigger x before insert on t execute function f()"},
	{"no extensions", "42601", "create extension pgcrypto"},
	{"no DO blocks", "42601", "do $$ begin end $$"},
	{"no dollar quotes", "42601", "select $$x$$"},
	{"no E''", "42601", `select E'x\n'`},
	{"no U&''", "42601", `select U&'x'`},
	{"no savepoints", "42601", "savepoint a"},
	{"no savepoints", "42601", "rollback to savepoint a"},
	{"no IS DISTINCT FROM", "42601", "select a is distinct from b from t"},
	{"no DISTINCT ON", "42601", "select distinct on (a) b from t"},
	{"no LATERAL", "42601", "select a from t cross join lateral (select 1) as s"},
	{"no FILTER", "42601", "select count(*) filter (where a > 1) from t"},
	{"no VALUES as a table", "42601", "select a from (values (1)) as v(a)"},
	{"no functions in FROM", "42601", "select a from generate_series(1, 2) as g(a)"},
	{"no GENERATE_SERIES", "42883", "select generate_series(1, 2)"},
	{"no STRING_AGG", "42883", "select string_agg(a, ',') from t"},
	{"no ARRAY_AGG", "42883", "select array_agg(a) from t"},
	{"no TO_JSON", "42883", "select to_json(a) from t"},
	{"no FORMAT_TYPE", "42883", "select format_type(atttypid, atttypmod) from pg_attribute"},
	{"no CURRENT_SETTING", "42883", "select current_setting('trunkline.since')"},
	{"no SET_CONFIG", "42883", "select set_config('a.b', 'c', true)"},
	{"no settings of one's own", "42601", "set trunkline.since to 'x'"},
	{"no advisory locks", "42883", "select pg_advisory_lock(1)"},
	{"no pg_sleep", "42883", "select pg_sleep(1)"},
	{"no GEN_RANDOM_UUID", "42883", "select gen_random_uuid()"},
	{"LAG has no default", "42883", "select lag(a, 1, 0) over (order by b) from t"},
	{"CONCAT takes two", "42883", "select concat(a, b, c) from t"},
	{"an aggregate with an order needs a frame", "42601", "select sum(a) over (order by b) from t"},
	{"a ranking has no frame", "42601", "select row_number() over (order by b rows unbounded preceding) from t"},
	{"frames are ROWS", "42601", "select sum(a) over (order by b range between unbounded preceding and current row) from t"},
	{"no named windows", "42601", "select sum(a) over w from t window w as (order by a)"},
	{"a recursive CTE lists its columns (r_WITH_clause)", "42601", "with recursive c as (select 1 as a union all select a + 1 from c where a < 3) select a from c"},
	{"no WITH in a WITH clause's query", "42601", "with a as (with b as (select 1 as x) select x from b) select x from a"},
	{"no WITH RECURSIVE in a subquery", "42601", "select x from (with recursive a(x) as (select 1) select x from a) as s"},
	{"the sorting aggregates sort alike", "0A000", "select median(a), median(b) from t"},
	{"UPDATE has no outer join in FROM (r_UPDATE)", "0A000", "update t set a = 1 from s left join u on s.a = u.a where t.a = s.a"},
	{"no correlation that skips a block (r_correlated_subqueries)", "0A000", "select e.a from e where not exists (select 1 from l where not exists (select 1 from s where e.id = s.id))"},
	{"no correlation in an outer join's condition", "0A000", "select c.a from c left join e on c.id = e.id and e.n = (select max(s.n) from s where s.id = e.id)"},
	{"no correlation with a window function", "0A000", "select s.a from s where s.q not in (select sum(l.n) over () from l where s.id = l.id)"},
	{"no FETCH FIRST", "42601", "select a from t fetch first 1 rows only"},
	{"no FOR UPDATE", "42601", "select a from t for update"},
	{"no TABLESAMPLE", "42601", "select a from t tablesample system (1)"},
	{"no GROUPING SETS here", "42601", "select a from t group by grouping sets ((a))"},
	{"reserved words need quotes", "42601", "select open from t"},
	{"reserved words need quotes", "42601", "select a as tag from t"},
	{"reserved words need quotes", "42601", "create table t (percent int)"},
	{"a chain of comparisons is ambiguous", "42601", "select a = b is null from t"},
	{"no POSIX case-insensitive operator", "42601", "select a ~* 'x' from t"},
	{"no JSON operators", "42601", "select a -> 'x' from t"},
	{"leader-node functions meet no tables of users", "0A000", "select current_schema() from t"},
	{"nor system views", "0A000", "select 1 from svv_columns where table_schema = current_schema()"},
	{"now() is the leader node's", "0A000", "insert into t select now() from s"},
	{"current_timestamp too", "0A000", "select a from t where b < current_timestamp"},
	{"the catalogue meets no tables of users", "0A000", "select 1 from pg_class, t"},
	{"nor can a table be made of it", "0A000", "create table t as select relname from pg_class"},
	{"unknown system tables do not exist", "42P01", "select 1 from pg_stat_activity"},
	{"what the front keeps for itself does not exist", "42P01", "select 1 from redshift.designs"},
	{"a late-binding view names schemas", "42601", "create view v as select a from t with no schema binding"},
	{"of all its tables", "42601", "create view v as with s as (select a from public.t) select s.a from s, u with no schema binding"},
	{"no COPY FROM STDIN", "42601", "copy t from stdin"},
	{"no COPY TO", "42601", "copy t to 's3://lake/x'"},
	{"COPY is from S3 here", "42601", "copy t from '/etc/passwd' iam_role default format parquet"},
	{"COPY needs a role", "0A000", "copy t from 's3://lake/m' format parquet"},
	{"a role is an ARN", "42601", "copy t from 's3://lake/m' iam_role 'admin' format parquet"},
	{"Parquet takes no REGION", "0A000", "copy t from 's3://lake/m' iam_role default format parquet region 'eu-west-1'"},
	{"nor GZIP, wherever it stands", "0A000", "copy t from 's3://lake/m' iam_role default gzip format parquet"},
	{"nor MAXERROR", "42601", "copy t from 's3://lake/m' iam_role default format parquet maxerror 5"},
	{"nor parameters", "42601", "copy t from $1 iam_role default format parquet"},
	{"column privileges are SELECT and UPDATE", "0A000", "grant insert (a) on t to role r"},
	{"no privileges of PostgreSQL's", "42601", "grant truncate on t to r"},
	{"no IF NOT EXISTS for roles", "42601", "create role if not exists r"},
	{"passwords have rules (r_CREATE_USER)", "22023", "create user u password 'short'"},
	{"no VACUUM of PostgreSQL's", "42601", "vacuum full t"},
	{"no EXPLAIN here", "42601", "explain select 1"},
	{"no second statement unseen", "42601", "select 1; select 1 from t on conflict"},
	{"an open string", "42601", `select 'a\'`},
	{"an open comment", "42601", "select 1 /* /* */"},
	{"a NUL", "22021", `select 'a\0b'`},
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range refusedStatements {
		all, err := parse(test.sql, copied{})
		if err == nil {
			t.Errorf("%s: %s is accepted as %+v", test.why, test.sql, all)
			continue
		}
		if r := refusalOf(err); r.code != test.code {
			t.Errorf("%s: %s: %v instead of %s", test.why, test.sql, err, test.code)
		}
	}
}

// FuzzParse: whatever is sent, the parser gives an error of Redshift's or statements that are all its own words: names and texts of the
// sender's are in quotes.
func FuzzParse(f *testing.F) {
	for _, test := range accepted {
		f.Add(test.sql)
	}
	for _, test := range refusedStatements {
		f.Add(test.sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		all, err := parse(sql, copied{})
		if err != nil {
			if _, ours := err.(*refusal); !ours { //nolint:errorlint // it is never wrapped
				t.Fatalf("%q: %v is no error of Redshift's", sql, err)
			}
			return
		}
		for _, s := range all {
			if odd := foreign(s); odd != "" {
				t.Fatalf("%q became %q, with %q", sql, s.sql, odd)
			}
		}
	})
}

// vocabulary are the words that the parser writes, beside names in quotes and functions.
var vocabulary = set(`access add all alter analyze and array as asc at authorization begin between bigint boolean both by cascade case
cast char column comment comments commit constraints create cross current current_date current_timestamp current_user database date
default defaults delete desc distinct double drop else end escape except exclusive exists false first following for from full grant
group having if ilike in including insert integer interval intersect into is join last late leading left like limit lock login matched
merge mode name natural nologin not null nulls numeric offset on only option or order outer over owner partition password preceding
precision privileges public read real recursive references rename replace reset restrict revoke right role rollback row rows schema search_path
select session session_user set show similar smallint statement_timeout table tables temporary text then time timestamp timestamptz timezone to trailing
transaction trim true truncate type unbounded union unknown update usage user using values varchar view when where with without within write zone
admin`)

var (
	words    = regexp.MustCompile(`[A-Za-z_][A-Za-z_0-9]*`)
	ordinary = regexp.MustCompile(`^[A-Za-z0-9_ (),.=<>!+*/%^~|:$\[\]-]*$`)
	dollars  = regexp.MustCompile(`\$($|[^0-9])`)
)

// foreign gives what a statement holds that the parser has no word for.
func foreign(s statement) string {
	for _, sql := range append(append(slices.Clone(s.before), s.after...), s.sql) {
		rest := outside(sql)
		if !ordinary.MatchString(rest) || strings.Contains(rest, "--") || strings.Contains(rest, "/*") || dollars.MatchString(rest) {
			return rest
		}
		for _, place := range words.FindAllStringIndex(rest, -1) {
			word, before := rest[place[0]:place[1]], rest[:place[0]]
			if exponent := before != "" && strings.ContainsAny(before[len(before)-1:], ".0123456789") && strings.Trim(word, "eE0123456789") == ""; exponent {
				continue
			}
			if word == "redshift" || word == "pg_catalog" || strings.HasSuffix(before, "redshift.") || strings.HasSuffix(before, "pg_catalog.") {
				continue
			}
			if f, function := functions[word]; !vocabulary[word] && (!function || f.write == nil) {
				return word
			}
		}
	}
	return ""
}

// outside gives what stands in no quotes of PostgreSQL's.
func outside(sql string) string {
	var out strings.Builder
	var in rune
	for _, r := range sql {
		switch {
		case in == 0 && (r == '\'' || r == '"'):
			in = r
			out.WriteByte(' ')
		case r == in:
			in = 0
		case in == 0:
			out.WriteRune(r)
		}
	}
	if in != 0 {
		return ";" // a quote is open
	}
	return out.String()
}
