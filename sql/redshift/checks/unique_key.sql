-- Generated. Keys held more than once.
select
    'unified_interactions' as scope,
    cast(count(*) as double precision) as observed,
    cast(0 as double precision) as threshold
from (
    select 1 as doubled
    from "unified_interactions"
    group by "conversation_id"
    having count(*) > 1
) as doubled_keys;
