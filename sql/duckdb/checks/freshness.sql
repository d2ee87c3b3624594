-- Generated. Hours since the sources were last asked.
select
    'unified_interactions' as scope,
    date_diff('second', max(observed_at), getvariable('checked_at')) / 3600.0 as observed,
    cast(36 as double) as threshold
from unified_interactions;
