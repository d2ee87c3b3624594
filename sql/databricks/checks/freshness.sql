-- Generated. Hours since the sources were last asked.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
select
    'unified_interactions' as scope,
    cast(unix_timestamp(:checked_at) - unix_timestamp(max(observed_at)) as double) / 3600 as observed,
    cast(36 as double) as threshold
from unified_interactions;
