select
    source,
    entity,
    reason_code,
    count(*) as rejected,
    max(seen_at) as last_seen,
    min(message) as example
from {{schema}}.etl_rejects
where $__timeFilter(seen_at)
group by
    source,
    entity,
    reason_code
order by
    rejected desc,
    source,
    entity,
    reason_code
