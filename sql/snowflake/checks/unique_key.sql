-- Generated. Keys held more than once.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
select
    'unified_interactions' as scope,
    cast(count(*) as double) as observed,
    cast(0 as double) as threshold
from (
    select 1 as doubled
    from "UNIFIED_INTERACTIONS"
    group by "CONVERSATION_ID"
    having count(*) > 1
) as doubled_keys;
