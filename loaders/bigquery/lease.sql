declare held string;

begin transaction;

set held = (
    select max(format('trunkline: held by «%s» until %s', owner, format_timestamp('%FT%H:%M:%SZ', expires_at)))
    from etl_leases
    where resource = 'warehouse'
        and owner <> @owner
        and expires_at > current_timestamp()
);

select if(held is null, 0, error(held)) as free;

create temp table taken as
select coalesce(max(token), 0) + 1 as token
from etl_leases
where resource = 'warehouse';

delete from etl_leases
where resource = 'warehouse';

insert into etl_leases (resource, owner, token, expires_at)
select 'warehouse', @owner, token, timestamp_add(current_timestamp(), interval @seconds second)
from taken;

commit transaction;

select token
from taken;
