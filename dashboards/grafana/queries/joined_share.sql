with joined as (
    select
        cast(business_date as timestamp) as time,
        {{.}} as numerator,
        total_contacts as denominator
    from {{schema}}.join_quality_daily
    where coalesce(queue_name, queue_id, '(none)') in ({{chosen "queue"}})
        and coalesce(media_type, '(none)') in ({{chosen "media"}})
)

select
    100 * cast(sum(numerator) as {{realType}}) / nullif(sum(denominator), 0) as value,
    cast(sum(denominator) as bigint) as n
from joined
where $__timeFilter(time)
