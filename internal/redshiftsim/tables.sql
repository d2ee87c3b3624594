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
