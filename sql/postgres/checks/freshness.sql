-- Generated. Hours since the sources were last asked.
select
    'unified_interactions' as scope,
    cast(floor(extract(epoch from cast(nullif(current_setting('trunkline.checked_at', true), '') as timestamp))) - floor(extract(epoch from max(observed_at))) as double precision) / 3600 as observed,
    cast(36 as double precision) as threshold
from unified_interactions;
