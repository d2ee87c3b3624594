-- Generated. Hours since the sources were last asked.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
select
    'unified_interactions' as scope,
    cast(datediff(second, max(observed_at), cast($checked_at as timestamp_ntz)) as double) / 3600 as observed,
    cast(36 as double) as threshold
from unified_interactions;
