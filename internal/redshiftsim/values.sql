-- Functions that PostgreSQL does not have, or that give other values there.

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

-- A double precision is taken as the binary number that it is: sign, exponent and the 52 bits of its fraction.
create function redshift.cut_digits(x double precision, n integer) returns numeric language plpgsql immutable strict as $$
declare
    bits bigint := cast(cast('x' || encode(float8send(abs(x)), 'hex') as bit(64)) as bigint);
    fraction numeric := bits & 4503599627370495;
    exponent integer := bits >> 52;
begin
    if exponent = 2047 then
        raise exception 'Cannot convert % to numeric', x using errcode = '22003';
    elsif exponent > 0 then
        fraction := fraction + 4503599627370496;
    end if;
    exponent := greatest(exponent, 1) - 1075;
    return cast(sign(x) as numeric) * pg_catalog.trunc(
        case when exponent < 0 then div(fraction * power(10::numeric, n), power(2::numeric, -exponent)) / power(10::numeric, n)
            else fraction * power(2::numeric, exponent) end, n);
end $$;
create function redshift.cut_digits(x numeric, n integer) returns numeric language sql immutable strict as 'select pg_catalog.trunc($1, $2)';
create function redshift.cut_digits(x bigint, n integer) returns numeric language sql immutable strict as 'select cast($1 as numeric)';
create function redshift.cut_digits(x integer, n integer) returns numeric language sql immutable strict as 'select cast($1 as numeric)';
create function redshift.cut_digits(x text, n integer) returns numeric language sql immutable strict as
    'select pg_catalog.round(cast($1 as numeric), $2)';

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
