-- The catalogue that clients of PostgreSQL ask for: of the attached file, which does not change while it is attached. Each
-- statement ends with a semicolon at the end of a line; @database@, @role@ and @version@ are put in as texts, @keys@ as rows.

create schema memory.pg;
create schema memory.pg_info;

-- Types: what columns can have, and what drivers insist on.
create table memory.pg.types as
select *
from (values
    (16, 'bool', 'B', 1, 'boolean', 1000), (17, 'bytea', 'U', -1, 'bytea', 1001), (18, 'char', 'Z', 1, '"char"', 1002),
    (19, 'name', 'S', 64, 'name', 1003), (20, 'int8', 'N', 8, 'bigint', 1016), (21, 'int2', 'N', 2, 'smallint', 1005),
    (23, 'int4', 'N', 4, 'integer', 1007), (24, 'regproc', 'N', 4, 'regproc', 1008), (25, 'text', 'S', -1, 'text', 1009),
    (26, 'oid', 'N', 4, 'oid', 1028), (114, 'json', 'U', -1, 'json', 199), (700, 'float4', 'N', 4, 'real', 1021),
    (701, 'float8', 'N', 8, 'double precision', 1022), (705, 'unknown', 'X', -2, 'unknown', 0),
    (1042, 'bpchar', 'S', -1, 'character', 1014), (1043, 'varchar', 'S', -1, 'character varying', 1015),
    (1082, 'date', 'D', 4, 'date', 1182), (1083, 'time', 'D', 8, 'time without time zone', 1183),
    (1114, 'timestamp', 'D', 8, 'timestamp without time zone', 1115),
    (1184, 'timestamptz', 'D', 8, 'timestamp with time zone', 1185), (1186, 'interval', 'T', 16, 'interval', 1187),
    (1700, 'numeric', 'N', -1, 'numeric', 1231), (2205, 'regclass', 'N', 4, 'regclass', 2210),
    (2206, 'regtype', 'N', 4, 'regtype', 2211), (2278, 'void', 'P', 4, 'void', 0), (2950, 'uuid', 'U', 16, 'uuid', 2951),
    (3802, 'jsonb', 'U', -1, 'jsonb', 3807)
) as t(oid, typname, typcategory, typlen, said, typarray);

create table memory.pg.pg_type as
select 1247::bigint as tableoid, oid::bigint as oid, typname, 11::bigint as typnamespace, 10::bigint as typowner, typlen, typlen between 1 and 8 as typbyval,
    case when typname in ('void', 'unknown') then 'p' else 'b' end as typtype, typcategory,
    typname in ('bool', 'text', 'float8', 'timestamptz', 'interval') as typispreferred, true as typisdefined, ',' as typdelim,
    0::bigint as typrelid, 0::bigint as typelem, typarray::bigint as typarray, typname || 'in' as typinput, typname || 'out' as typoutput,
    oid::bigint + 100000 as typreceive, oid::bigint + 100000 as typsend, 0::bigint as typmodin, 0::bigint as typmodout,
    'i' as typalign, 'p' as typstorage, false as typnotnull, 0::bigint as typbasetype, -1 as typtypmod, 0 as typndims,
    case when typcategory = 'S' then 100 else 0 end::bigint as typcollation, null::varchar as typdefault, 0::bigint as typsubscript
from memory.pg.types
union all
select 1247, typarray, '_' || typname, 11, 10, -1, false, 'b', 'A', false, true, ',', 0, oid, 0, 'array_in', 'array_out', 750, 751, 0, 0, 'i', 'x',
    false, 0, -1, 0, case when typcategory = 'S' then 100 else 0 end, null, 6179
from memory.pg.types
where typarray > 0;

create table memory.pg.pg_proc as
select 1255::bigint as tableoid, typreceive as oid, typname || 'recv' as proname, 11::bigint as pronamespace, 10::bigint as proowner, 'f' as prokind, false as proretset,
    oid as prorettype, 1 as pronargs, '' as prosrc, '' as proargtypes, null::bigint[] as proallargtypes, null::varchar[] as proargmodes,
    null::varchar[] as proargnames, 0::bigint as provariadic, 12::bigint as prolang, 's' as provolatile, false as prosecdef
from memory.pg.pg_type
where typelem = 0
union all
select 1255, 750, 'array_recv', 11, 10, 'f', false, 2277, 1, '', '', null, null, null, 0, 12, 's', false;

create table memory.pg.pg_namespace as
select *
from (values (11::bigint, 'pg_catalog'), (2200::bigint, 'main'), (13000::bigint, 'information_schema')) as n(oid, nspname)
    cross join (select 2615::bigint as tableoid, 10::bigint as nspowner, null::varchar[] as nspacl);

-- What there is in the file, each under one name: what has a plain name is left out under that of the role (finance_…), and so are the
-- rows that a view keeps (kept_…). Columns of a type that PostgreSQL has no name for are shown as text.
create table memory.pg.things as
with every as (
    select table_name as name, 'r' as kind, comment, estimated_size as size, null::varchar as sql
    from duckdb_tables()
    where database_name = @database@ and schema_name = 'main'
    union all
    select view_name, 'v', comment, 0, sql
    from duckdb_views()
    where database_name = @database@ and schema_name = 'main' and not internal
)
select 16384 + row_number() over (order by name)::bigint as oid, *
from every
where name not in (select prefix || name from every, (values (@role@ || '_'), ('kept_')) as p(prefix));

create table memory.pg.cells as
select t.oid, t.kind, c.column_name as name, c.column_index as n, c.is_nullable, c.column_default as given, c.comment,
    c.numeric_precision, c.numeric_scale,
    case
        when c.data_type = 'BOOLEAN' then 16 when c.data_type = 'BLOB' then 17 when c.data_type in ('BIGINT', 'UINTEGER') then 20
        when c.data_type in ('TINYINT', 'SMALLINT', 'UTINYINT') then 21 when c.data_type in ('INTEGER', 'USMALLINT') then 23
        when c.data_type = 'FLOAT' then 700 when c.data_type = 'DOUBLE' then 701 when c.data_type = 'DATE' then 1082
        when c.data_type = 'TIME' then 1083 when c.data_type in ('TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS') then 1114
        when c.data_type = 'TIMESTAMP WITH TIME ZONE' then 1184 when c.data_type = 'INTERVAL' then 1186
        when c.data_type in ('UBIGINT', 'HUGEINT') or c.data_type like 'DECIMAL(%' and c.data_type not like '%[]' then 1700
        when c.data_type = 'UUID' then 2950 when c.data_type = 'VARCHAR[]' then 1009
        when c.data_type in ('TINYINT[]', 'SMALLINT[]', 'INTEGER[]', 'BIGINT[]') then 1016 else 25
    end::bigint as type,
    case when c.data_type like 'DECIMAL(%' and c.data_type not like '%[]' then c.numeric_precision * 65536 + c.numeric_scale + 4
        else -1 end as modifier
from duckdb_columns() as c
    join memory.pg.things as t on t.name = c.table_name
where c.database_name = @database@ and c.schema_name = 'main';

-- Keys: those of the file, and those that are told of tables that have none in it. Where a column of a key is missing there is no key.
create table memory.pg.keys as
with own as (
    select table_name as name, constraint_column_names as columns
    from duckdb_constraints()
    where database_name = @database@ and schema_name = 'main' and constraint_type = 'PRIMARY KEY'
), every as (
    select *
    from own
    union all
    select *
    from (values (null::varchar, null::varchar[])@keys@) as told(name, columns)
    where name not in (select name from own)
)
select t.oid, t.name, e.columns, list(c.n::smallint order by list_position(e.columns, c.name)) as numbers
from every as e
    join memory.pg.things as t on t.name = e.name and t.kind = 'r'
    join memory.pg.cells as c on c.oid = t.oid and list_contains(e.columns, c.name)
group by all
having count(*) = len(e.columns);

update memory.pg.cells
set is_nullable = false
from memory.pg.keys as k
where k.oid = cells.oid and list_contains(k.columns, cells.name);

create table memory.pg.pg_class as
select *, 1259::bigint as tableoid, 0::bigint as reltype, 0::bigint as reloftype, 10::bigint as relowner, case relkind when 'r' then 2 else 0 end::bigint as relam,
    0::bigint as relfilenode, 0::bigint as reltablespace, 0 as relpages, 0::bigint as reltoastrelid,
    false as relisshared, 'p' as relpersistence, 0 as relchecks, false as relhasrules, false as relhastriggers,
    false as relhassubclass, false as relrowsecurity, false as relforcerowsecurity, true as relispopulated, 'n' as relreplident,
    false as relispartition, 0::bigint as relrewrite, null::varchar[] as relacl, null::varchar[] as reloptions, null::varchar as relpartbound,
    0::bigint as relfrozenxid, 0::bigint as relminmxid, false as relhasoids
from (
    select t.oid, t.name as relname, 2200::bigint as relnamespace, t.kind as relkind, t.size::float as reltuples,
        t.oid in (select k.oid from memory.pg.keys as k) as relhasindex,
        (select count(*) from memory.pg.cells as c where c.oid = t.oid)::smallint as relnatts
    from memory.pg.things as t
    union all
    select oid, name, 11, 'r', 0, false, 0
    from (values (1247, 'pg_type'), (1249, 'pg_attribute'), (1255, 'pg_proc'), (1259, 'pg_class'), (1262, 'pg_database'),
        (2604, 'pg_attrdef'), (2606, 'pg_constraint'), (2609, 'pg_description'), (2610, 'pg_index'), (2615, 'pg_namespace')) as s(oid, name)
    union all
    select 1000 * oid, name || '_pkey', 2200, 'i', 0, false, len(columns)
    from memory.pg.keys
);

create table memory.pg.pg_attribute as
select c.oid as attrelid, c.name as attname, c.type as atttypid, -1 as attstattarget, coalesce(t.typlen, -1)::smallint as attlen,
    c.n::smallint as attnum, 0 as attndims, -1 as attcacheoff, c.modifier::integer as atttypmod, false as attbyval, 'i' as attalign, 'p' as attstorage,
    '' as attcompression, not c.is_nullable as attnotnull, c.given is not null as atthasdef, false as atthasmissing, '' as attidentity,
    '' as attgenerated, false as attisdropped, true as attislocal, 0 as attinhcount, case c.type when 25 then 100 else 0 end::bigint as attcollation,
    null::varchar[] as attacl, null::varchar[] as attoptions, null::varchar[] as attfdwoptions, null::varchar as attmissingval
from memory.pg.cells as c
    left join memory.pg.pg_type as t on t.oid = c.type;

create table memory.pg.pg_attrdef as
select oid * 1000 + n as oid, oid as adrelid, n::smallint as adnum, given as adbin
from memory.pg.cells
where given is not null and kind = 'r';

create table memory.pg.pg_description as
select oid as objoid, 1259::bigint as classoid, 0 as objsubid, comment as description
from memory.pg.things
where comment is not null
union all
select oid, 1259, n, comment
from memory.pg.cells
where comment is not null;

create table memory.pg.pg_constraint as
select 1000 * oid + 1 as oid, name || '_pkey' as conname, 2200::bigint as connamespace, 'p' as contype,
    false as condeferrable, false as condeferred, true as convalidated, oid as conrelid, 0::bigint as contypid,
    1000 * oid as conindid, 0::bigint as conparentid, 0::bigint as confrelid, ' ' as confupdtype,
    ' ' as confdeltype, ' ' as confmatchtype, true as conislocal, 0 as coninhcount, true as connoinherit,
    numbers as conkey, null::smallint[] as confkey, null::varchar as conbin,
    2606::bigint as tableoid, 'PRIMARY KEY (' || array_to_string(columns, ', ') || ')' as said, columns
from memory.pg.keys;

create table memory.pg.pg_index as
select conindid as indexrelid, conrelid as indrelid, len(conkey)::smallint as indnatts, len(conkey)::smallint as indnkeyatts,
    true as indisunique, true as indisprimary, false as indisexclusion, true as indimmediate, false as indisclustered,
    true as indisvalid, false as indcheckxmin, true as indisready, true as indislive, false as indisreplident, false as indnullsnotdistinct,
    conkey as indkey, list_transform(conkey, i -> 0::bigint) as indcollation, list_transform(conkey, i -> 0::bigint) as indclass,
    list_transform(conkey, i -> 0) as indoption, null::varchar as indexprs, null::varchar as indpred
from memory.pg.pg_constraint;

create table memory.pg.pg_database as
select 16383::bigint as oid, @database@ as datname, 10::bigint as datdba, 6 as encoding, 'c' as datlocprovider, false as datistemplate,
    true as datallowconn, -1 as datconnlimit, 0::bigint as datfrozenxid, 1::bigint as datminmxid, 1663::bigint as dattablespace, 'C.UTF-8' as datcollate,
    'C.UTF-8' as datctype, null::varchar as daticulocale, null::varchar as datcollversion, null::varchar[] as datacl, 1262::bigint as tableoid,
    13000::bigint as datlastsysoid;

create table memory.pg.pg_roles as
select 10::bigint as oid, @role@ as rolname, false as rolsuper, true as rolinherit, false as rolcreaterole, false as rolcreatedb, true as rolcanlogin,
    false as rolreplication, false as rolbypassrls, -1 as rolconnlimit, '********' as rolpassword, null::timestamptz as rolvaliduntil,
    null::varchar[] as rolconfig;

create view memory.pg.pg_authid as select * from memory.pg.pg_roles;

create view memory.pg.pg_user as
select rolname as usename, oid as usesysid, rolcreatedb as usecreatedb, rolsuper as usesuper, rolreplication as userepl, rolbypassrls as usebypassrls,
    rolpassword as passwd, rolvaliduntil as valuntil, rolconfig as useconfig
from memory.pg.pg_roles;

create macro memory.pg._settings() as map {
    'server_version': @version@, 'server_version_num': @version_num@, 'server_encoding': 'UTF8', 'client_encoding': 'UTF8', 'datestyle': 'ISO, MDY',
    'timezone': 'UTC', 'intervalstyle': 'postgres', 'standard_conforming_strings': 'on', 'integer_datetimes': 'on', 'max_identifier_length': '63',
    'max_index_keys': '32', 'search_path': 'main', 'default_transaction_read_only': 'on', 'transaction_read_only': 'on',
    'transaction_isolation': 'repeatable read', 'default_transaction_isolation': 'repeatable read', 'lc_collate': 'C.UTF-8', 'lc_ctype': 'C.UTF-8',
    'lc_messages': 'C', 'is_superuser': 'off', 'session_authorization': @role@, 'extra_float_digits': '1', 'bytea_output': 'hex',
    'wal_level': 'minimal', 'shared_preload_libraries': '', 'block_size': '8192', 'track_activities': 'off', 'row_security': 'on',
    'password_encryption': 'scram-sha-256'};

create table memory.pg.pg_settings as
select name, setting, null::varchar as unit, 'Client' as category, '' as short_desc, 'user' as context, 'string' as vartype, 'default' as source,
    setting as boot_val, setting as reset_val, null::varchar[] as enumvals, false as pending_restart
from (select unnest(map_keys(memory.pg._settings())) as name, unnest(map_values(memory.pg._settings())) as setting);

-- What a database without functions, triggers, partitions and so on says of them: nothing. The columns are those that clients name.
create table memory.pg.pg_am as
select *
from (values (2::bigint, 'heap', 't', false), (403::bigint, 'btree', 'i', true)) as a(oid, amname, amtype, amcanorder);

create table memory.pg.pg_collation as
select 100::bigint as oid, 'default' as collname, 11::bigint as collnamespace, 10::bigint as collowner, 'd' as collprovider, true as collisdeterministic,
    -1 as collencoding, null::varchar as collcollate, null::varchar as collctype, null::varchar as colliculocale, null::varchar as collversion;

create table memory.pg.pg_tablespace as
select 1663::bigint as oid, 'pg_default' as spcname, 10::bigint as spcowner, null::varchar[] as spcacl, null::varchar[] as spcoptions;

create table memory.pg.pg_language as
select 12::bigint as oid, 'internal' as lanname, 10::bigint as lanowner, false as lanispl, false as lanpltrusted;

create table memory.pg.pg_auth_members(roleid bigint, member bigint, grantor bigint, admin_option boolean, inherit_option boolean, set_option boolean);
create table memory.pg.pg_inherits(inhrelid bigint, inhparent bigint, inhseqno integer, inhdetachpending boolean);
create table memory.pg.pg_policy(oid bigint, polname varchar, polrelid bigint, polcmd varchar, polpermissive boolean, polroles bigint[], polqual varchar, polwithcheck varchar, tableoid bigint);
create table memory.pg.pg_policies(schemaname varchar, tablename varchar, policyname varchar, permissive varchar, roles varchar[], cmd varchar, qual varchar, with_check varchar);
create table memory.pg.pg_trigger(tableoid bigint, oid bigint, tgrelid bigint, tgparentid bigint, tgname varchar, tgfoid bigint, tgtype smallint, tgenabled varchar, tgisinternal boolean, tgconstrrelid bigint, tgconstrindid bigint, tgconstraint bigint, tgdeferrable boolean, tginitdeferred boolean, tgnargs smallint, tgattr smallint[], tgargs blob, tgqual varchar, tgoldtable varchar, tgnewtable varchar);
create table memory.pg.pg_rewrite(tableoid bigint, oid bigint, rulename varchar, ev_class bigint, ev_type varchar, ev_enabled varchar, is_instead boolean, ev_qual varchar, ev_action varchar);
create table memory.pg.pg_rules(schemaname varchar, tablename varchar, rulename varchar, definition varchar);
create table memory.pg.pg_depend(classid bigint, objid bigint, objsubid integer, refclassid bigint, refobjid bigint, refobjsubid integer, deptype varchar);
create table memory.pg.pg_shdescription(objoid bigint, classoid bigint, description varchar);
create table memory.pg.pg_enum(oid bigint, enumtypid bigint, enumsortorder float, enumlabel varchar);
create table memory.pg.pg_range(rngtypid bigint, rngsubtype bigint, rngmultitypid bigint, rngcollation bigint, rngsubopc bigint, rngcanonical bigint, rngsubdiff bigint);
create table memory.pg.pg_extension(oid bigint, extname varchar, extowner bigint, extnamespace bigint, extrelocatable boolean, extversion varchar, extconfig bigint[], extcondition varchar[]);
create table memory.pg.pg_available_extensions(name varchar, default_version varchar, installed_version varchar, comment varchar);
create table memory.pg.pg_foreign_table(ftrelid bigint, ftserver bigint, ftoptions varchar[]);
create table memory.pg.pg_foreign_data_wrapper(tableoid bigint, oid bigint, fdwname varchar, fdwowner bigint, fdwhandler bigint, fdwvalidator bigint, fdwacl varchar[], fdwoptions varchar[]);
create table memory.pg.pg_foreign_server(oid bigint, srvname varchar, srvowner bigint, srvfdw bigint, srvtype varchar, srvversion varchar, srvacl varchar[], srvoptions varchar[]);
create table memory.pg.pg_partitioned_table(partrelid bigint, partstrat varchar, partnatts smallint, partdefid bigint, partattrs smallint[], partclass bigint[], partcollation bigint[], partexprs varchar);
create table memory.pg.pg_publication(oid bigint, pubname varchar, pubowner bigint, puballtables boolean, pubinsert boolean, pubupdate boolean, pubdelete boolean, pubtruncate boolean, pubviaroot boolean);
create table memory.pg.pg_publication_rel(oid bigint, prpubid bigint, prrelid bigint, prqual varchar, prattrs smallint[]);
create table memory.pg.pg_publication_namespace(oid bigint, pnpubid bigint, pnnspid bigint);
create table memory.pg.pg_statistic_ext(oid bigint, stxrelid bigint, stxname varchar, stxnamespace bigint, stxowner bigint, stxstattarget integer, stxkeys smallint[], stxkind varchar[], stxexprs varchar);
create table memory.pg.pg_sequence(seqrelid bigint, seqtypid bigint, seqstart bigint, seqincrement bigint, seqmax bigint, seqmin bigint, seqcache bigint, seqcycle boolean);
create table memory.pg.pg_sequences(schemaname varchar, sequencename varchar, sequenceowner varchar, data_type varchar, start_value bigint, min_value bigint, max_value bigint, increment_by bigint, cycle boolean, cache_size bigint, last_value bigint);
create table memory.pg.pg_opclass(tableoid bigint, oid bigint, opcmethod bigint, opcname varchar, opcnamespace bigint, opcowner bigint, opcfamily bigint, opcintype bigint, opcdefault boolean, opckeytype bigint);
create table memory.pg.pg_opfamily(tableoid bigint, oid bigint, opfmethod bigint, opfname varchar, opfnamespace bigint, opfowner bigint);
create table memory.pg.pg_operator(tableoid bigint, oid bigint, oprname varchar, oprnamespace bigint, oprowner bigint, oprkind varchar, oprleft bigint, oprright bigint, oprresult bigint, oprcode bigint);
create table memory.pg.pg_cast(oid bigint, castsource bigint, casttarget bigint, castfunc bigint, castcontext varchar, castmethod varchar);
create table memory.pg.pg_aggregate(aggfnoid bigint, aggkind varchar, aggnumdirectargs smallint);
create table memory.pg.pg_matviews(schemaname varchar, matviewname varchar, matviewowner varchar, tablespace varchar, hasindexes boolean, ispopulated boolean, definition varchar);
create table memory.pg.pg_stat_activity(datid bigint, datname varchar, pid integer, usesysid bigint, usename varchar, application_name varchar, client_addr varchar, backend_start timestamptz, query_start timestamptz, state varchar, query varchar, wait_event_type varchar);
create table memory.pg.pg_locks(locktype varchar, database bigint, relation bigint, pid integer, mode varchar, granted boolean);
create table memory.pg.pg_event_trigger(oid bigint, evtname varchar, evtevent varchar, evtowner bigint, evtfoid bigint, evtenabled varchar, evttags varchar[]);
create table memory.pg.pg_user_mapping(oid bigint, umuser bigint, umserver bigint, umoptions varchar[]);
create table memory.pg.pg_conversion(oid bigint, conname varchar, connamespace bigint, conowner bigint, conforencoding integer, contoencoding integer, condefault boolean, tableoid bigint);
create table memory.pg.pg_subscription(oid bigint, subdbid bigint, subname varchar, subowner bigint, subenabled boolean, subbinary boolean, substream boolean, subtwophasestate varchar, subdisableonerr boolean, subskiplsn varchar, subconninfo varchar, subslotname varchar, subsynccommit varchar, subpublications varchar[]);
create table memory.pg.pg_ts_config(oid bigint, cfgname varchar, cfgnamespace bigint, cfgowner bigint, cfgparser bigint);
create table memory.pg.pg_default_acl(oid bigint, defaclrole bigint, defaclnamespace bigint, defaclobjtype varchar, defaclacl varchar[]);
create table memory.pg.pg_db_role_setting(setdatabase bigint, setrole bigint, setconfig varchar[]);
create table memory.pg.pg_cursors(name varchar, statement varchar, is_holdable boolean, is_binary boolean, is_scrollable boolean, creation_time timestamptz);
create table memory.pg.pg_prepared_xacts(transaction bigint, gid varchar, prepared timestamptz, owner varchar, database varchar);

create view memory.pg.pg_tables as
select 'main' as schemaname, name as tablename, @role@ as tableowner, null::varchar as tablespace,
    oid in (select oid from memory.pg.keys) as hasindexes, false as hasrules,
    false as hastriggers, false as rowsecurity
from memory.pg.things
where kind = 'r';

create view memory.pg.pg_views as
select 'main' as schemaname, name as viewname, @role@ as viewowner, sql as definition
from memory.pg.things
where kind = 'v';

create view memory.pg.pg_indexes as
select 'main' as schemaname, t.name as tablename, k.conname as indexname, null::varchar as tablespace, k.said as indexdef
from memory.pg.pg_constraint as k
    join memory.pg.things as t on t.oid = k.conrelid;

create view memory.pg.pg_stat_user_tables as
select oid as relid, 'main' as schemaname, name as relname, 0::bigint as seq_scan, 0::bigint as idx_scan, size as n_live_tup, 0::bigint as n_dead_tup
from memory.pg.things
where kind = 'r';

create view memory.pg.pg_stat_all_tables as select * from memory.pg.pg_stat_user_tables;

-- The same under names that no query uses: what a macro is called with is put in the place of its parameter, and a column of that name
-- in here would be taken for it.
create view memory.pg._types as
select p.oid as _oid, p.typname as _name, coalesce(t.said, e.said || '[]') as _said
from memory.pg.pg_type as p
    left join memory.pg.types as t on t.oid = p.oid
    left join memory.pg.types as e on e.typarray = p.oid;

create view memory.pg._classes as select oid as _oid, relname as _name from memory.pg.pg_class;
create view memory.pg._schemas as select oid as _oid, nspname as _name from memory.pg.pg_namespace;
create view memory.pg._roles as select oid as _oid, rolname as _name from memory.pg.pg_roles;
create view memory.pg._comments as select objoid as _oid, objsubid as _n, description as _text from memory.pg.pg_description;
create view memory.pg._views as select oid as _oid, sql as _sql from memory.pg.things;

create view memory.pg._keys as
select k.oid as _oid, k.conindid as _index, k.said as _said, k.columns as _columns,
    'CREATE UNIQUE INDEX ' || k.conname || ' ON main.' || t.name || ' USING btree (' || array_to_string(k.columns, ', ') || ')' as _sql
from memory.pg.pg_constraint as k
    join memory.pg.things as t on t.oid = k.conrelid;
