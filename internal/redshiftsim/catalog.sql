-- What Redshift has and PostgreSQL does not, as far as a loader needs it. Loaded once into the database behind the front.
create schema redshift;

create table redshift.designs (
    relation oid primary key,
    diststyle text not null default '',
    distkey text not null default '',
    sortkey text[] not null default '{}',
    encodings text[] not null default '{}',
    late boolean not null default false
);

create table redshift.load_errors (
    username text,
    tbl integer,
    table_name text,
    starttime timestamp,
    session integer,
    query bigint,
    filename text,
    line_number bigint,
    colname text,
    type text,
    col_length text,
    position integer,
    raw_line text,
    raw_field_value text,
    err_code integer,
    err_reason text
);

-- A varchar(n) counts bytes (r_Character_types): every one of them gets a check, which a table made LIKE another inherits.
create function redshift.settle(
    id text, style text default '', dist text default '', sorted text[] default '{}', encoded text[] default '{}', parent text default ''
) returns void language plpgsql as $$
declare
    changes text;
begin
    with wanted as (
        select
            a.attname,
            a.atttypmod - 4 as bytes,
            left('bytes_' || (a.atttypmod - 4) || '_' || a.attname, 63) as conname
        from pg_catalog.pg_attribute as a
        where a.attrelid = id::regclass
            and a.attnum > 0
            and not a.attisdropped
            and a.atttypid = 'varchar'::regtype
            and a.atttypmod > 0
    ),
    present as (
        select conname
        from pg_catalog.pg_constraint
        where conrelid = id::regclass
            and contype = 'c'
            and conname like 'bytes\_%'
    )
    select string_agg(change, ', ')
    into changes
    from (
        select format('drop constraint %I', present.conname) as change
        from present
        where present.conname not in (select wanted.conname from wanted)
        union all
        select format('add constraint %I check (octet_length(%I) <= %s)', wanted.conname, wanted.attname, wanted.bytes)
        from wanted
        where wanted.conname not in (select present.conname from present)
    ) as all_changes;
    if changes is not null then
        execute format('alter table %s %s', id, changes);
    end if;
    if parent <> '' then
        insert into redshift.designs (relation, diststyle, distkey, sortkey, encodings)
        select id::regclass, diststyle, distkey, sortkey, encodings
        from redshift.designs
        where relation = parent::regclass
        on conflict do nothing;
    end if;
    insert into redshift.designs (relation, diststyle, distkey, sortkey, encodings)
    values (id::regclass, style, dist, sorted, encoded)
    on conflict do nothing;
end $$;

create function redshift.release(id text, col text) returns void language plpgsql as $$
declare
    found_name text;
begin
    for found_name in
        select conname
        from pg_catalog.pg_constraint
        where conrelid = id::regclass
            and conname like 'bytes\_%\_' || replace(col, '_', '\_')
    loop
        execute format('alter table %s drop constraint %I', id, found_name);
    end loop;
end $$;

create function redshift.design(id text, late boolean) returns void language sql as $$
    insert into redshift.designs (relation, late)
    values (id::regclass, $2)
    on conflict (relation) do update set late = excluded.late
$$;

create function redshift.columns_of(id text) returns text language sql stable as $$
    select string_agg(attname || ' ' || atttypid, ',' order by attnum)
    from pg_catalog.pg_attribute
    where attrelid = to_regclass(id)
        and attnum > 0
        and not attisdropped
$$;

create function redshift.view_columns(id text) returns void language plpgsql as $$
begin
    perform set_config('redshift.view_columns', coalesce(redshift.columns_of(id), ''), false);
end $$;

create function redshift.keep_columns(id text) returns void language plpgsql as $$
begin
    if current_setting('redshift.view_columns') not in ('', redshift.columns_of(id)) then
        raise exception 'cannot change number of columns in view' using errcode = '42P16';
    end if;
end $$;

create function redshift.check_key(id text, keys text[], is_primary boolean) returns void language plpgsql as $$
declare
    k text;
    required boolean;
begin
    foreach k in array keys loop
        select attnotnull
        into required
        from pg_catalog.pg_attribute
        where attrelid = id::regclass
            and attname = k
            and not attisdropped;
        if required is null then
            raise exception 'column "%" named in key does not exist', k using errcode = '42703';
        end if;
        if is_primary and not required then
            raise exception 'cannot add a primary key on nullable column "%"', k using errcode = '42P16';
        end if;
    end loop;
end $$;

create function redshift.check_merge(id text) returns void language plpgsql as $$
begin
    if (select relkind from pg_catalog.pg_class where oid = id::regclass) <> 'r' then
        raise exception 'MERGE source % must be a table', id using errcode = '0A000';
    end if;
end $$;

create function redshift.check_columns_grantable(id text) returns void language plpgsql as $$
begin
    if exists (select from redshift.designs where relation = id::regclass and designs.late) then
        raise exception 'Column privileges are not supported on late binding view %', id using errcode = '0A000';
    end if;
end $$;

-- Nobody holds a privilege on a table and on its columns (r_GRANT-usage-notes).
create function redshift.check_table_privileges(id text) returns void language plpgsql as $$
begin
    if exists (
        select
        from pg_catalog.pg_class as c
        cross join lateral aclexplode(c.relacl) as t
        join pg_catalog.pg_attribute as a
            on a.attrelid = c.oid
        cross join lateral aclexplode(a.attacl) as o
        where c.oid = id::regclass
            and t.grantee = o.grantee
            and t.privilege_type = o.privilege_type
    ) then
        raise exception 'cannot grant a privilege on % to a grantee that has it on columns', id using errcode = '0LP01';
    end if;
end $$;

-- Values.

create function redshift.cut(s varchar, n integer) returns varchar language plpgsql immutable strict as $$
declare
    b bytea := convert_to(s, 'UTF8');
    k integer := n;
begin
    if length(b) <= n then
        return s;
    end if;
    while get_byte(b, k) & 192 = 128 loop
        k := k - 1;
    end loop;
    return convert_from(substr(b, 1, k), 'UTF8');
end $$;

create function redshift.as_text(x text) returns varchar language sql immutable as 'select cast($1 as varchar)';
create function redshift.as_text(x anyelement) returns varchar language sql stable as 'select cast($1 as varchar)';
create function redshift.as_text(x boolean) returns varchar language plpgsql immutable as $$
begin
    raise exception 'cannot cast type boolean to character varying' using errcode = '42846';
end $$;
create function redshift.as_boolean(x boolean) returns boolean language sql immutable as 'select $1';
create function redshift.as_boolean(x bigint) returns boolean language sql immutable as 'select $1 <> 0';
create function redshift.as_boolean(x text) returns boolean language plpgsql immutable as $$
begin
    raise exception 'cannot cast type character varying to boolean' using errcode = '42846';
end $$;

create function redshift.avg_add(state bigint[], x bigint) returns bigint[] language sql immutable strict as $$
    select array[state[1] + x, state[2] + 1]
$$;
create function redshift.avg_add(state bigint[], x integer) returns bigint[] language sql immutable strict as $$
    select array[state[1] + x, state[2] + 1]
$$;
create function redshift.avg_add(state bigint[], x smallint) returns bigint[] language sql immutable strict as $$
    select array[state[1] + x, state[2] + 1]
$$;
create function redshift.avg_end(state bigint[]) returns bigint language sql immutable as $$
    select state[1] / nullif(state[2], 0)
$$;
create aggregate redshift.avg(bigint) (sfunc = redshift.avg_add, stype = bigint[], finalfunc = redshift.avg_end, initcond = '{0,0}');
create aggregate redshift.avg(double precision) (sfunc = float8_accum, stype = float8[], finalfunc = float8_avg, initcond = '{0,0,0}');
create aggregate redshift.avg(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg);
create aggregate redshift.avg(integer) (sfunc = redshift.avg_add, stype = bigint[], finalfunc = redshift.avg_end, initcond = '{0,0}');
create aggregate redshift.avg(smallint) (sfunc = redshift.avg_add, stype = bigint[], finalfunc = redshift.avg_end, initcond = '{0,0}');

create function redshift.round(x double precision) returns double precision language sql immutable as 'select pg_catalog.round($1)';
create function redshift.round(x numeric) returns numeric language sql immutable as 'select pg_catalog.round($1)';
create function redshift.round(x numeric, n integer) returns numeric language sql immutable as 'select pg_catalog.round($1, $2)';
create function redshift.round(x double precision, n integer) returns double precision language sql immutable as
    'select cast(pg_catalog.round(cast($1 as numeric), $2) as double precision)';
create function redshift.trunc(x double precision) returns double precision language sql immutable as 'select pg_catalog.trunc($1)';
create function redshift.trunc(x numeric) returns numeric language sql immutable as 'select pg_catalog.trunc($1)';
create function redshift.trunc(x numeric, n integer) returns numeric language sql immutable as 'select pg_catalog.trunc($1, $2)';
create function redshift.trunc(x double precision, n integer) returns double precision language sql immutable as
    'select cast(pg_catalog.trunc(cast($1 as numeric), $2) as double precision)';
create function redshift.trunc(x timestamp) returns date language sql immutable as 'select cast($1 as date)';

create function redshift.getdate() returns timestamp language sql stable as
    $$ select cast(pg_catalog.date_trunc('second', statement_timestamp()) as timestamp) $$;
create function redshift.last_day(t timestamp) returns date language sql immutable as
    $$ select cast(pg_catalog.date_trunc('month', t) + interval '1 month' - interval '1 day' as date) $$;
create function redshift.add_months(t timestamp, n integer) returns timestamp language sql immutable as $$
    select case
        when cast(t as date) = redshift.last_day(t)
            then redshift.last_day(t + n * interval '1 month') + cast(t as time)
        else t + n * interval '1 month'
    end
$$;
create function redshift.date_trunc(part text, t timestamp) returns timestamp language sql immutable as 'select pg_catalog.date_trunc($1, $2)';
create function redshift.date_trunc(part text, t date) returns timestamp language sql immutable as
    'select pg_catalog.date_trunc($1, cast($2 as timestamp))';
create function redshift.date_trunc(part text, t timestamptz) returns timestamptz language sql stable as
    'select pg_catalog.date_trunc($1, $2)';
create function redshift.date_add(part text, n bigint, t timestamp) returns timestamp language sql immutable as $$
    select case
        when part = 'quarter' then t + n * interval '3 months'
        when part = 'year' and extract(month from t) = 2 and extract(day from t) = 29
            and extract(day from t + n * interval '1 year') = 28
            then t + n * interval '1 year' + interval '1 day'
        else t + n * cast('1 ' || part as interval)
    end
$$;
create function redshift.date_diff(part text, a timestamp, b timestamp) returns bigint language sql immutable as $$
    select cast(case part
        when 'year' then extract(year from b) - extract(year from a)
        when 'quarter' then 4 * (extract(year from b) - extract(year from a)) + extract(quarter from b) - extract(quarter from a)
        when 'month' then 12 * (extract(year from b) - extract(year from a)) + extract(month from b) - extract(month from a)
        when 'day' then cast(b as date) - cast(a as date)
        when 'hour' then floor(extract(epoch from b) / 3600) - floor(extract(epoch from a) / 3600)
        when 'minute' then floor(extract(epoch from b) / 60) - floor(extract(epoch from a) / 60)
        when 'second' then floor(extract(epoch from b)) - floor(extract(epoch from a))
        when 'milliseconds' then floor(extract(epoch from b) * 1000) - floor(extract(epoch from a) * 1000)
        when 'microseconds' then floor(extract(epoch from b) * 1000000) - floor(extract(epoch from a) * 1000000)
    end as bigint)
$$;

create function redshift.sha2(s varchar, bits integer) returns varchar language plpgsql immutable strict as $$
declare
    b bytea := convert_to(s, 'UTF8');
begin
    return encode(case bits when 224 then sha224(b) when 256 then sha256(b) when 0 then sha256(b) when 384 then sha384(b) when 512 then sha512(b) end, 'hex');
end $$;
create function redshift.strtol(s varchar, base integer) returns bigint language plpgsql immutable strict as $$
begin
    if base = 10 then
        return cast(s as bigint);
    elsif base = 16 and s ~ '^(0[xX])?[0-9a-fA-F]{1,16}$' then
        return cast(cast('x' || lpad(regexp_replace(s, '^0[xX]', ''), 16, '0') as bit(64)) as bigint);
    end if;
    raise exception 'The input % is not valid to be converted to base %', s, base using errcode = '22P02';
end $$;
create function redshift.regexp_replace(s varchar, pattern varchar, by varchar, start integer, flags varchar) returns varchar
language sql immutable strict as $$
    select pg_catalog.regexp_replace(
        s, pattern, by, greatest(start, 1), 0,
        case when flags like '%i%' then 'i' else '' end || case when flags like '%p%' then '' else 'e' end
    )
$$;
create function redshift.regexp_substr(s varchar, pattern varchar) returns varchar language sql immutable strict as
    $$ select coalesce(pg_catalog.regexp_substr(s, pattern, 1, 1, 'e'), '') $$;
create function redshift.regexp_count(s varchar, pattern varchar) returns integer language sql immutable strict as
    $$ select pg_catalog.regexp_count(s, pattern, 1, 'e') $$;
create function redshift.regexp_instr(s varchar, pattern varchar) returns integer language sql immutable strict as
    $$ select pg_catalog.regexp_instr(s, pattern, 1, 1, 0, 'e') $$;

-- PostgreSQL's catalogue with the columns that release 8.0 had, and without what the front keeps for itself.

create view redshift.pg_namespace as
select oid, nspname, nspowner, nspacl
from pg_catalog.pg_namespace
where nspname <> 'redshift';

create view redshift.pg_class as
select
    oid, relname, relnamespace, reltype, relowner, relam, relfilenode, reltablespace, relpages, reltuples, reltoastrelid, relhasindex,
    relisshared, relkind, relnatts, relchecks, relhasrules, relacl
from pg_catalog.pg_class
where relnamespace <> 'redshift'::regnamespace;

create view redshift.pg_attribute as
select
    attrelid, attname, atttypid, attstattarget, attlen, attnum, attndims, attcacheoff, atttypmod, attbyval, attstorage, attalign,
    attnotnull, atthasdef, attisdropped, attislocal, attinhcount
from pg_catalog.pg_attribute;

create view redshift.pg_description as
select objoid, classoid, objsubid, description
from pg_catalog.pg_description;

create view redshift.pg_type as
select oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typrelid, typelem, typnotnull, typbasetype, typtypmod, typndims
from pg_catalog.pg_type;

create view redshift.pg_user as
select usename, usesysid, usecreatedb, usesuper
from pg_catalog.pg_user;

create view redshift.pg_database as
select oid, datname, datdba, encoding, datistemplate, datallowconn
from pg_catalog.pg_database;

create view redshift.pg_tables as
select schemaname, tablename, tableowner, tablespace, hasindexes, hasrules, hastriggers
from pg_catalog.pg_tables
where schemaname <> 'redshift';

create view redshift.pg_views as
select schemaname, viewname, viewowner, definition
from pg_catalog.pg_views
where schemaname <> 'redshift';

-- The catalogue: SVV_COLUMNS, PG_TABLE_DEF and others, types in Redshift's words, which are PostgreSQL's.

create view redshift.svv_columns as
select
    cast(current_database() as varchar) as table_catalog,
    cast(n.nspname as varchar) as table_schema,
    cast(c.relname as varchar) as table_name,
    cast(a.attname as varchar) as column_name,
    row_number() over (partition by c.oid order by a.attnum)::integer as ordinal_position,
    cast(pg_get_expr(d.adbin, d.adrelid) as varchar) as column_default,
    cast(case when a.attnotnull then 'NO' else 'YES' end as varchar) as is_nullable,
    cast(format_type(a.atttypid, null) as varchar) as data_type,
    case when a.atttypid in ('varchar'::regtype, 'bpchar'::regtype) and a.atttypmod > 0 then a.atttypmod - 4 end as character_maximum_length,
    information_schema._pg_numeric_precision(a.atttypid, a.atttypmod) as numeric_precision,
    information_schema._pg_numeric_scale(a.atttypid, a.atttypmod) as numeric_scale,
    cast(col_description(c.oid, a.attnum) as varchar) as remarks
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
    on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a
    on a.attrelid = c.oid
left join pg_catalog.pg_attrdef as d
    on d.adrelid = c.oid
    and d.adnum = a.attnum
where c.relkind in ('r', 'v')
    and a.attnum > 0
    and not a.attisdropped
    and n.nspname not in ('redshift', 'pg_toast');

create view redshift.svv_tables as
select
    cast(current_database() as varchar) as table_catalog,
    cast(n.nspname as varchar) as table_schema,
    cast(c.relname as varchar) as table_name,
    cast(case c.relkind when 'v' then 'VIEW' else 'BASE TABLE' end as varchar) as table_type,
    cast(obj_description(c.oid, 'pg_class') as varchar) as remarks
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
    on n.oid = c.relnamespace
where c.relkind in ('r', 'v')
    and n.nspname not in ('redshift', 'pg_toast');

create view redshift.pg_table_def as
select
    n.nspname as schemaname,
    c.relname as tablename,
    a.attname as "column",
    cast(format_type(a.atttypid, a.atttypmod) as varchar) as type,
    cast(coalesce(
        (select split_part(e, '=', 2) from unnest(g.encodings) as e where split_part(e, '=', 1) = a.attname),
        case
            when a.attname = any(g.sortkey) or a.atttypid in ('boolean'::regtype, 'float4'::regtype, 'float8'::regtype) then 'none'
            when a.atttypid in ('varchar'::regtype, 'bpchar'::regtype) then 'lzo'
            else 'az64'
        end) as varchar) as encoding,
    coalesce(g.distkey = a.attname, false) as distkey,
    coalesce(array_position(g.sortkey, cast(a.attname as text)), 0) as sortkey,
    a.attnotnull as "notnull"
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
    on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a
    on a.attrelid = c.oid
left join redshift.designs as g
    on g.relation = c.oid
where c.relkind in ('r', 'v')
    and a.attnum > 0
    and not a.attisdropped
    and pg_table_is_visible(c.oid)
    and n.nspname not in ('redshift', 'pg_toast', 'pg_catalog');

create view redshift.svv_table_info as
select *
from (
    select
        current_database()::text as database,
        n.nspname::text as schema,
        c.oid::integer as table_id,
        c.relname::text as "table",
        case
            when g.diststyle = 'KEY' then 'KEY(' || g.distkey || ')'
            when g.diststyle in ('', 'AUTO') then 'AUTO(ALL)'
            else g.diststyle
        end as diststyle,
        g.sortkey[1] as sortkey1,
        coalesce(cardinality(g.sortkey), 0) as sortkey_num,
        cast((xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', n.nspname, c.relname), false, true, '')))[1]::text as numeric) as tbl_rows
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n
        on n.oid = c.relnamespace
    left join redshift.designs as g
        on g.relation = c.oid
    where c.relkind = 'r'
        and c.relpersistence = 'p'
        and n.nspname not in ('redshift', 'pg_toast', 'pg_catalog', 'information_schema')
) as tables
where tbl_rows > 0;

create view redshift.svv_roles as
select oid::integer as role_id, rolname::text as role_name
from pg_catalog.pg_roles
where not rolcanlogin
    and rolname not like 'pg\_%';

-- SVV_RELATION_PRIVILEGES
create view redshift.svv_relation_privileges as
select
    n.nspname::text as namespace_name,
    c.relname::text as relation_name,
    g.privilege_type::text as privilege_type,
    g.grantee::integer as identity_id,
    coalesce(r.rolname::text, 'public') as identity_name,
    case when r.rolname is null then 'public' when r.rolcanlogin then 'user' else 'role' end as identity_type,
    g.is_grantable as admin_option
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) as g
left join pg_catalog.pg_roles as r on r.oid = g.grantee;

create view redshift.stl_load_errors as
select
    100 as userid, 0 as slice, tbl, starttime, session, query, cast(filename as char(256)) as filename, line_number,
    cast(colname as char(127)) as colname, cast(type as char(10)) as type, cast(col_length as char(10)) as col_length, position,
    cast(raw_line as char(1024)) as raw_line, cast(raw_field_value as char(1024)) as raw_field_value, err_code,
    cast(err_reason as char(100)) as err_reason
from redshift.load_errors
where username = current_user
    or (select usesuper from pg_catalog.pg_user where usename = current_user);

create view redshift.sys_load_error_detail as
select
    100 as user_id, query as query_id, 0::bigint as transaction_id, session as session_id, cast(current_database() as text) as database_name,
    tbl as table_id, starttime as start_time, filename as file_name, line_number, colname as column_name, type as column_type,
    col_length as column_length, position, err_code as error_code, err_reason as error_message
from redshift.load_errors
where username = current_user
    or (select usesuper from pg_catalog.pg_user where usename = current_user);

create view redshift.stv_db_isolation_level as
select cast(datname as char(128)) as db_name, cast('Serializable' as char(20)) as isolation_level
from pg_catalog.pg_database;

grant usage on schema redshift to public;
grant select on all tables in schema redshift to public;
grant insert, update, delete on redshift.designs to public;
grant create, usage on schema public to public;
