-- Generated. Hours since the sources were last asked.
select
    'unified_interactions' as scope,
    cast(datediff(second, max(observed_at), (select cast(max(value) as timestamp) from trunkline_parameters where name = 'checked_at')) as double precision) / 3600 as observed,
    cast(36 as double precision) as threshold
from unified_interactions;
