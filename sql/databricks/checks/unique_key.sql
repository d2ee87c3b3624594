-- Generated. Keys held more than once.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
select
    'unified_interactions' as scope,
    cast(count(*) as double) as observed,
    cast(0 as double) as threshold
from (
    select 1 as doubled
    from `unified_interactions`
    group by `conversation_id`
    having count(*) > 1
) as doubled_keys;
