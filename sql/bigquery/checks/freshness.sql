-- Generated. Hours since the sources were last asked.
select
    'unified_interactions' as scope,
    (unix_seconds(@checked_at) - unix_seconds(max(observed_at))) / 3600 as observed,
    cast(36 as float64) as threshold
from unified_interactions;
