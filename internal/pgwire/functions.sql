-- Functions of PostgreSQL's catalogue, as macros: only those that clients call while they look around. The form is that of
-- catalogue.sql, which makes the tables.

create macro memory.pg.version() as 'PostgreSQL ' || @version@ || ' (trunkline, read-only)';
create macro memory.pg.current_setting(n) as memory.pg._settings()[lower(n)], (n, missing_ok) as memory.pg._settings()[lower(n)];
create macro memory.pg.set_config(n, v, is_local) as v;
create macro memory.pg.pg_backend_pid() as 1;
create macro memory.pg.pg_is_in_recovery() as true;
create macro memory.pg.pg_postmaster_start_time() as null::timestamptz;
create macro memory.pg.txid_current() as 1::bigint;
create macro memory.pg.inet_server_addr() as null::varchar;
create macro memory.pg.inet_server_port() as null::integer;
create macro memory.pg.inet_client_addr() as null::varchar;
create macro memory.pg.pg_encoding_to_char(e) as case e when 6 then 'UTF8' end;
create macro memory.pg.pg_char_to_encoding(e) as case when lower(e) in ('utf8', 'utf-8') then 6 else -1 end;
create macro memory.pg.pg_client_encoding() as 'UTF8';
create macro memory.pg.getdatabaseencoding() as 'UTF8';
create macro memory.pg.pg_get_userbyid(i) as case when i = 10 then @role@ else 'unknown (OID=' || i || ')' end;
create macro memory.pg.quote_ident(n) as case when n ~ '[a-z_][a-z0-9_]*' then n else '"' || replace(n, '"', '""') || '"' end;
create macro memory.pg.quote_literal(n) as '''' || replace(n, '''', '''''') || '''';

create macro memory.pg.format_type(i, m) as (
    select max(case when _oid = 1700 and m > 4 then 'numeric(' || ((m - 4) // 65536) || ',' || ((m - 4) % 65536) || ')' else _said end)
    from memory.pg._types
    where _oid = i);

-- Casts to regclass and its like. A text becomes the number of what it names, a number the name of what it is.
create macro memory.pg.pg_plain_name(n) as replace(regexp_replace(n::varchar, '^"?(pg_catalog|main|information_schema)"?\.', ''), '"', '');
create macro memory.pg.to_regclass(n) as (select max(_oid) from memory.pg._classes where _name = memory.pg.pg_plain_name(n));
create macro memory.pg.pg_regclass_oid(n) as coalesce(try_cast(n as bigint), memory.pg.to_regclass(n));
create macro memory.pg.pg_regclass_name(i) as case when try_cast(i as bigint) is null then memory.pg.to_regclass(i)::varchar
    else coalesce((select max(_name) from memory.pg._classes where _oid = try_cast(i as bigint)), i::varchar) end;
create macro memory.pg.to_regtype(n) as (select max(_oid) from memory.pg._types where memory.pg.pg_plain_name(n) in (_name, _said));
create macro memory.pg.pg_regtype_oid(n) as coalesce(try_cast(n as bigint), memory.pg.to_regtype(n));
create macro memory.pg.pg_regtype_name(i) as case when try_cast(i as bigint) is null then memory.pg.to_regtype(i)::varchar
    else coalesce(memory.pg.format_type(try_cast(i as bigint), null), i::varchar) end;
create macro memory.pg.pg_regproc_oid(n) as memory.pg.pg_plain_name(n);
create macro memory.pg.pg_regproc_name(n) as n::varchar;
create macro memory.pg.pg_regprocedure_oid(n) as memory.pg.pg_plain_name(n);
create macro memory.pg.pg_regprocedure_name(n) as n::varchar;
create macro memory.pg.pg_regnamespace_oid(n) as (select max(_oid) from memory.pg._schemas where _name = replace(n::varchar, '"', ''));
create macro memory.pg.pg_regnamespace_name(i) as (select max(_name) from memory.pg._schemas where _oid = i);
create macro memory.pg.pg_regrole_oid(n) as (select max(_oid) from memory.pg._roles where _name = replace(n::varchar, '"', ''));
create macro memory.pg.pg_regrole_name(i) as (select max(_name) from memory.pg._roles where _oid = i);

create macro memory.pg.obj_description(i) as (select max(_text) from memory.pg._comments where _oid = i and _n = 0),
    (i, c) as (select max(_text) from memory.pg._comments where _oid = i and _n = 0 and c = 'pg_class');
create macro memory.pg.col_description(i, n) as (select max(_text) from memory.pg._comments where _oid = i and _n = n);
create macro memory.pg.shobj_description(i, c) as null::varchar;

create macro memory.pg.pg_get_viewdef(i) as (select max(_sql) from memory.pg._views where _oid = i),
    (i, pretty) as (select max(_sql) from memory.pg._views where _oid = i);
create macro memory.pg.pg_get_constraintdef(i) as (select max(_said) from memory.pg._keys where _oid = i),
    (i, pretty) as (select max(_said) from memory.pg._keys where _oid = i);
create macro memory.pg.pg_get_indexdef(i) as (select max(_sql) from memory.pg._keys where _index = i),
    (i, n, pretty) as (select max(case when n = 0 then _sql else _columns[n] end) from memory.pg._keys where _index = i);
create macro memory.pg.pg_get_expr(e, i) as e::varchar, (e, i, pretty) as e::varchar;
create macro memory.pg.pg_get_partkeydef(i) as null::varchar;
create macro memory.pg.pg_get_statisticsobjdef_columns(i) as null::varchar;
create macro memory.pg.pg_get_triggerdef(i) as null::varchar, (i, pretty) as null::varchar;
create macro memory.pg.pg_get_ruledef(i) as null::varchar, (i, pretty) as null::varchar;
create macro memory.pg.pg_get_functiondef(i) as null::varchar;
create macro memory.pg.pg_get_function_arguments(i) as null::varchar;
create macro memory.pg.pg_get_function_identity_arguments(i) as null::varchar;
create macro memory.pg.pg_get_function_result(i) as null::varchar;
create macro memory.pg.pg_get_serial_sequence(t, c) as null::varchar;
create macro memory.pg.pg_relation_is_publishable(i) as false;
create macro memory.pg.pg_statistics_obj_is_visible(i) as false;
create macro memory.pg.pg_tablespace_location(i) as '';
create macro memory.pg.pg_relation_size(i) as null::bigint, (i, fork) as null::bigint;
create macro memory.pg.pg_table_size(i) as null::bigint;
create macro memory.pg.pg_indexes_size(i) as null::bigint;
create macro memory.pg.pg_total_relation_size(i) as null::bigint;
create macro memory.pg.pg_database_size(i) as null::bigint;
create macro memory.pg.pg_stat_get_numscans(i) as null::bigint;
create macro memory.pg.pg_table_is_visible(i) as i is not null;
create macro memory.pg.pg_type_is_visible(i) as i is not null;
create macro memory.pg.pg_function_is_visible(i) as i is not null;
create macro memory.pg.pg_has_role(u, p) as true, (u, r, p) as true;
create macro memory.pg.has_database_privilege(d, p) as lower(p) in ('connect'), (u, d, p) as lower(p) in ('connect');
create macro memory.pg.has_schema_privilege(s, p) as lower(p) = 'usage', (u, s, p) as lower(p) = 'usage';
create macro memory.pg.has_table_privilege(t, p) as lower(p) = 'select', (u, t, p) as lower(p) = 'select';
create macro memory.pg.has_any_column_privilege(t, p) as lower(p) = 'select', (u, t, p) as lower(p) = 'select';
create macro memory.pg.has_column_privilege(t, c, p) as lower(p) = 'select', (u, t, c, p) as lower(p) = 'select';
create macro memory.pg.has_function_privilege(f, p) as true, (u, f, p) as true;
create macro memory.pg.array_remove(a, v) as list_filter(a, _x -> _x is distinct from v);
create macro memory.pg.pg_index_column_has_property(i, n, p) as case p when 'asc' then true when 'orderable' then true else false end;
create macro memory.pg.format(f, a) as printf(replace(f, '%I', '%s'), a::varchar), (f, a, b) as printf(replace(f, '%I', '%s'), a::varchar, b::varchar);
create macro memory.pg.json_build_object(a, b) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || '}',
    (a, b, c, d) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || ',' || to_json(c::varchar) || ':' || coalesce(to_json(d)::varchar, 'null') || '}',
    (a, b, c, d, e, f) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || ',' || to_json(c::varchar) || ':' || coalesce(to_json(d)::varchar, 'null') || ',' || to_json(e::varchar) || ':' || coalesce(to_json(f)::varchar, 'null') || '}',
    (a, b, c, d, e, f, g, h) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || ',' || to_json(c::varchar) || ':' || coalesce(to_json(d)::varchar, 'null') || ',' || to_json(e::varchar) || ':' || coalesce(to_json(f)::varchar, 'null') || ',' || to_json(g::varchar) || ':' || coalesce(to_json(h)::varchar, 'null') || '}',
    (a, b, c, d, e, f, g, h, i, j) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || ',' || to_json(c::varchar) || ':' || coalesce(to_json(d)::varchar, 'null') || ',' || to_json(e::varchar) || ':' || coalesce(to_json(f)::varchar, 'null') || ',' || to_json(g::varchar) || ':' || coalesce(to_json(h)::varchar, 'null') || ',' || to_json(i::varchar) || ':' || coalesce(to_json(j)::varchar, 'null') || '}',
    (a, b, c, d, e, f, g, h, i, j, k, l) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || ',' || to_json(c::varchar) || ':' || coalesce(to_json(d)::varchar, 'null') || ',' || to_json(e::varchar) || ':' || coalesce(to_json(f)::varchar, 'null') || ',' || to_json(g::varchar) || ':' || coalesce(to_json(h)::varchar, 'null') || ',' || to_json(i::varchar) || ':' || coalesce(to_json(j)::varchar, 'null') || ',' || to_json(k::varchar) || ':' || coalesce(to_json(l)::varchar, 'null') || '}',
    (a, b, c, d, e, f, g, h, i, j, k, l, m, n) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || ',' || to_json(c::varchar) || ':' || coalesce(to_json(d)::varchar, 'null') || ',' || to_json(e::varchar) || ':' || coalesce(to_json(f)::varchar, 'null') || ',' || to_json(g::varchar) || ':' || coalesce(to_json(h)::varchar, 'null') || ',' || to_json(i::varchar) || ':' || coalesce(to_json(j)::varchar, 'null') || ',' || to_json(k::varchar) || ':' || coalesce(to_json(l)::varchar, 'null') || ',' || to_json(m::varchar) || ':' || coalesce(to_json(n)::varchar, 'null') || '}',
    (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) as '{' || to_json(a::varchar) || ':' || coalesce(to_json(b)::varchar, 'null') || ',' || to_json(c::varchar) || ':' || coalesce(to_json(d)::varchar, 'null') || ',' || to_json(e::varchar) || ':' || coalesce(to_json(f)::varchar, 'null') || ',' || to_json(g::varchar) || ':' || coalesce(to_json(h)::varchar, 'null') || ',' || to_json(i::varchar) || ':' || coalesce(to_json(j)::varchar, 'null') || ',' || to_json(k::varchar) || ':' || coalesce(to_json(l)::varchar, 'null') || ',' || to_json(m::varchar) || ':' || coalesce(to_json(n)::varchar, 'null') || ',' || to_json(o::varchar) || ':' || coalesce(to_json(p)::varchar, 'null') || '}';
create macro memory.pg._pg_truetypid(a, t) as a.atttypid;
create macro memory.pg._pg_truetypmod(a, t) as a.atttypmod;
create macro memory.pg._pg_numeric_precision(t, m) as case when t = 1700 and m > 4 then (m - 4) // 65536 when t = 20 then 64 when t = 23 then 32 when t = 21 then 16
    when t = 701 then 53 when t = 700 then 24 end;
create macro memory.pg._pg_numeric_scale(t, m) as case when t = 1700 and m > 4 then (m - 4) % 65536 when t in (20, 21, 23) then 0 end;
create macro memory.pg._pg_datetime_precision(t, m) as case when t = 1082 then 0 when t in (1083, 1114, 1184, 1186) then 6 end;
create macro memory.pg.array_upper(a, d) as case when d = 1 then nullif(len(a), 0) end;
create macro memory.pg.array_lower(a, d) as case when d = 1 and len(a) > 0 then 1 end;
create macro memory.pg.generate_subscripts(a, d) as unnest(range(1, len(a) + 1));
create macro memory.pg._pg_expandarray(a) as unnest(list_transform(a, (_x, _i) -> {'x': _x, 'n': _i}));

create macro memory.pg.pg_get_keywords() as table
    select keyword_name as word, case keyword_category when 'reserved' then 'R' else 'U' end as catcode, true as barelabel, keyword_category as catdesc,
        'bare' as baredesc
    from duckdb_keywords();

-- information_schema.

create view memory.pg_info.schemata as
select @database@ as catalog_name, nspname as schema_name, @role@ as schema_owner, null::varchar as default_character_set_catalog,
    null::varchar as default_character_set_schema, null::varchar as default_character_set_name, null::varchar as sql_path
from memory.pg.pg_namespace;

create view memory.pg_info.tables as
select @database@ as table_catalog, 'main' as table_schema, name as table_name, case kind when 'v' then 'VIEW' else 'BASE TABLE' end as table_type,
    null::varchar as self_referencing_column_name, null::varchar as reference_generation, null::varchar as user_defined_type_catalog,
    null::varchar as user_defined_type_schema, null::varchar as user_defined_type_name, 'NO' as is_insertable_into, 'NO' as is_typed,
    null::varchar as commit_action
from memory.pg.things;

create view memory.pg_info.views as
select @database@ as table_catalog, 'main' as table_schema, name as table_name, sql as view_definition, 'NONE' as check_option,
    'NO' as is_updatable, 'NO' as is_insertable_into, 'NO' as is_trigger_updatable, 'NO' as is_trigger_deletable, 'NO' as is_trigger_insertable_into
from memory.pg.things
where kind = 'v';

create view memory.pg_info.columns as
select @database@ as table_catalog, 'main' as table_schema, t.name as table_name, c.name as column_name, c.n as ordinal_position,
    c.given as column_default, case when c.is_nullable then 'YES' else 'NO' end as is_nullable,
    case when y.typelem > 0 then 'ARRAY' else (select s.said from memory.pg.types as s where s.oid = y.oid) end as data_type,
    null::integer as character_maximum_length, case when c.type = 25 then 1073741824 end as character_octet_length,
    case c.type when 1700 then c.numeric_precision when 20 then 64 when 23 then 32 when 21 then 16 when 701 then 53 when 700 then 24 end as numeric_precision,
    case c.type when 1700 then 10 when 20 then 2 when 23 then 2 when 21 then 2 when 701 then 2 when 700 then 2 end as numeric_precision_radix,
    case c.type when 1700 then c.numeric_scale when 20 then 0 when 23 then 0 when 21 then 0 end as numeric_scale,
    case when c.type = 1082 then 0 when c.type in (1083, 1114, 1184, 1186) then 6 end as datetime_precision, null::varchar as interval_type,
    null::integer as interval_precision, null::varchar as character_set_catalog, null::varchar as character_set_schema,
    null::varchar as character_set_name, null::varchar as collation_catalog, null::varchar as collation_schema, null::varchar as collation_name,
    null::varchar as domain_catalog, null::varchar as domain_schema, null::varchar as domain_name, @database@ as udt_catalog,
    'pg_catalog' as udt_schema, y.typname as udt_name, null::integer as maximum_cardinality, c.n::varchar as dtd_identifier,
    'NO' as is_self_referencing, 'NO' as is_identity, null::varchar as identity_generation, null::varchar as identity_start,
    null::varchar as identity_increment, null::varchar as identity_maximum, null::varchar as identity_minimum, 'NO' as identity_cycle,
    'NEVER' as is_generated, null::varchar as generation_expression, 'NO' as is_updatable
from memory.pg.cells as c
    join memory.pg.things as t on t.oid = c.oid
    join memory.pg.pg_type as y on y.oid = c.type;

create view memory.pg_info.table_constraints as
select @database@ as constraint_catalog, 'main' as constraint_schema, k.conname as constraint_name, @database@ as table_catalog, 'main' as table_schema,
    t.name as table_name, 'PRIMARY KEY' as constraint_type, 'NO' as is_deferrable, 'NO' as initially_deferred, 'YES' as enforced
from memory.pg.pg_constraint as k
    join memory.pg.things as t on t.oid = k.conrelid;

create view memory.pg_info.key_column_usage as
select @database@ as constraint_catalog, 'main' as constraint_schema, k.conname as constraint_name, @database@ as table_catalog, 'main' as table_schema,
    t.name as table_name, unnest(k.columns) as column_name, unnest(range(1, len(k.columns) + 1)) as ordinal_position,
    null::integer as position_in_unique_constraint
from memory.pg.pg_constraint as k
    join memory.pg.things as t on t.oid = k.conrelid;

create view memory.pg_info.constraint_column_usage as
select table_catalog, table_schema, table_name, column_name, constraint_catalog, constraint_schema, constraint_name
from memory.pg_info.key_column_usage;

create table memory.pg_info.referential_constraints(constraint_catalog varchar, constraint_schema varchar, constraint_name varchar, unique_constraint_catalog varchar, unique_constraint_schema varchar, unique_constraint_name varchar, match_option varchar, update_rule varchar, delete_rule varchar);
create table memory.pg_info.routines(specific_catalog varchar, specific_schema varchar, specific_name varchar, routine_catalog varchar, routine_schema varchar, routine_name varchar, routine_type varchar, data_type varchar);
create table memory.pg_info.parameters(specific_catalog varchar, specific_schema varchar, specific_name varchar, ordinal_position integer, parameter_mode varchar, parameter_name varchar, data_type varchar);
create table memory.pg_info.sequences(sequence_catalog varchar, sequence_schema varchar, sequence_name varchar, data_type varchar);
create table memory.pg_info.triggers(trigger_catalog varchar, trigger_schema varchar, trigger_name varchar, event_object_schema varchar, event_object_table varchar);
create table memory.pg_info.check_constraints(constraint_catalog varchar, constraint_schema varchar, constraint_name varchar, check_clause varchar);
create table memory.pg_info.character_sets(character_set_catalog varchar, character_set_schema varchar, character_set_name varchar, default_collate_name varchar);

create view memory.pg_info.table_privileges as
select @role@ as grantor, @role@ as grantee, table_catalog, table_schema, table_name, 'SELECT' as privilege_type, 'NO' as is_grantable, 'NO' as with_hierarchy
from memory.pg_info.tables;

create view memory.pg_info.role_table_grants as select * from memory.pg_info.table_privileges;

create view memory.pg_info.column_privileges as
select @role@ as grantor, @role@ as grantee, table_catalog, table_schema, table_name, column_name, 'SELECT' as privilege_type, 'NO' as is_grantable
from memory.pg_info.columns;

create view memory.pg_info.enabled_roles as select @role@ as role_name;

-- What makes long texts and lists out of short ones is bounded: the engine does not count them, and does not stop in the middle. The names are
-- put in the place of the functions by rewrite.go.
create macro memory.pg.pg_repeat(a, n) as
repeat(a, case when n::bigint * length(a) > 10000000 then error('repeat makes more than 10000000 characters') else n::bigint end);
create macro memory.pg.pg_lpad(a, n, c) as lpad(a, case when n > 10000000 then error('lpad makes more than 10000000 characters') else n end, c);
create macro memory.pg.pg_rpad(a, n, c) as rpad(a, case when n > 10000000 then error('rpad makes more than 10000000 characters') else n end, c);
create macro memory.pg._length(a, b, c) as (coalesce(try_cast(b as double), epoch(try_cast(b as timestamp)))
    - coalesce(try_cast(a as double), epoch(try_cast(a as timestamp)))) / coalesce(try_cast(c as double), epoch(try_cast(c as interval)));
create macro memory.pg.pg_range(b) as range(case when b::bigint > 100000 then error('range makes more than 100000 values') else b::bigint end),
    (a, b) as range(a::bigint, case when b::bigint - a::bigint > 100000 then error('range makes more than 100000 values') else b::bigint end),
    (a, b, c) as range(case when memory.pg._length(a, b, c) > 100000 then error('range makes more than 100000 values') else a end, b, c);
create macro memory.pg.pg_series(b) as generate_series(case when b::bigint > 100000 then error('generate_series makes more than 100000 values') else b::bigint end),
    (a, b) as generate_series(a::bigint, case when b::bigint - a::bigint > 100000 then error('generate_series makes more than 100000 values') else b::bigint end),
    (a, b, c) as generate_series(case when memory.pg._length(a, b, c) > 100000 then error('generate_series makes more than 100000 values') else a end, b, c);
create macro memory.pg.pg_resize(a, n) as list_resize(a, case when n > 100000 then error('list_resize makes more than 100000 values') else n end),
    (a, n, v) as list_resize(a, case when n > 100000 then error('list_resize makes more than 100000 values') else n end, v);
