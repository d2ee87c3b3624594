-- PostgreSQL's catalogue with the columns that release 8.0 had, and without what the front keeps for itself.

create view redshift.pg_namespace as
select
    oid,
    nspname,
    nspowner,
    nspacl
from pg_catalog.pg_namespace
where nspname <> 'redshift';

create view redshift.pg_class as
select
    oid,
    relname,
    relnamespace,
    reltype,
    relowner,
    relam,
    relfilenode,
    reltablespace,
    relpages,
    reltuples,
    reltoastrelid,
    relhasindex,
    relisshared,
    relkind,
    relnatts,
    relchecks,
    relhasrules,
    relacl
from pg_catalog.pg_class
where relnamespace <> 'redshift'::regnamespace;

create view redshift.pg_attribute as
select
    attrelid,
    attname,
    atttypid,
    attstattarget,
    attlen,
    attnum,
    attndims,
    attcacheoff,
    atttypmod,
    attbyval,
    attstorage,
    attalign,
    attnotnull,
    atthasdef,
    attisdropped,
    attislocal,
    attinhcount
from pg_catalog.pg_attribute;

create view redshift.pg_description as
select
    objoid,
    classoid,
    objsubid,
    description
from pg_catalog.pg_description;

create view redshift.pg_type as
select
    oid,
    typname,
    typnamespace,
    typowner,
    typlen,
    typbyval,
    typtype,
    typrelid,
    typelem,
    typnotnull,
    typbasetype,
    typtypmod,
    typndims
from pg_catalog.pg_type;

create view redshift.pg_user as
select
    usename,
    usesysid,
    usecreatedb,
    usesuper
from pg_catalog.pg_user;

create view redshift.pg_database as
select
    oid,
    datname,
    datdba,
    encoding,
    datistemplate,
    datallowconn
from pg_catalog.pg_database;

create view redshift.pg_tables as
select
    schemaname,
    tablename,
    tableowner,
    tablespace,
    hasindexes,
    hasrules,
    hastriggers
from pg_catalog.pg_tables
where schemaname <> 'redshift';

create view redshift.pg_views as
select
    schemaname,
    viewname,
    viewowner,
    definition
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
select
    oid::integer as role_id,
    rolname::text as role_name
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
    100 as userid,
    0 as slice,
    tbl,
    starttime,
    session,
    query,
    cast(filename as char(256)) as filename,
    line_number,
    cast(colname as char(127)) as colname,
    cast(type as char(10)) as type,
    cast(col_length as char(10)) as col_length,
    position,
    cast(raw_line as char(1024)) as raw_line,
    cast(raw_field_value as char(1024)) as raw_field_value,
    err_code,
    cast(err_reason as char(100)) as err_reason
from redshift.load_errors
where username = current_user
    or (select usesuper from pg_catalog.pg_user where usename = current_user);

create view redshift.sys_load_error_detail as
select
    100 as user_id,
    query as query_id,
    0::bigint as transaction_id,
    session as session_id,
    cast(current_database() as text) as database_name,
    tbl as table_id,
    starttime as start_time,
    filename as file_name,
    line_number,
    colname as column_name,
    type as column_type,
    col_length as column_length,
    position,
    err_code as error_code,
    err_reason as error_message
from redshift.load_errors
where username = current_user
    or (select usesuper from pg_catalog.pg_user where usename = current_user);

create view redshift.stv_db_isolation_level as
select
    cast(datname as char(128)) as db_name,
    cast('Serializable' as char(20)) as isolation_level
from pg_catalog.pg_database;

grant usage on schema redshift to public;
grant select on all tables in schema redshift to public;
grant insert, update, delete on redshift.designs to public;
grant create, usage on schema public to public;
