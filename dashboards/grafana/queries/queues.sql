with named as (
    select coalesce(queue_name, queue_id, '(none)') as queue
    from {{schema}}.queue_performance_daily
    union all
    select coalesce(queue_name, queue_id, '(none)') as queue
    from {{schema}}.join_quality_daily
)

select distinct queue
from named
order by queue
