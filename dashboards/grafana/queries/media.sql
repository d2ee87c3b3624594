with named as (
    select coalesce(media_type, '(none)') as media_type
    from {{schema}}.queue_performance_daily
    union all
    select coalesce(media_type, '(none)') as media_type
    from {{schema}}.join_quality_daily
)

select distinct media_type
from named
order by media_type
