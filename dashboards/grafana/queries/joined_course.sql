with joined as (
    select
        cast(business_date as timestamp) as time,
        no_id,
        malformed,
        orphan,
        total_contacts
    from {{schema}}.join_quality_daily
    where coalesce(queue_name, queue_id, '(none)') in ({{chosen "queue"}})
        and coalesce(media_type, '(none)') in ({{chosen "media"}})
)

select
    time,
    100 * cast(sum(no_id) as {{realType}}) / nullif(sum(total_contacts), 0) as no_id,
    100 * cast(sum(malformed) as {{realType}}) / nullif(sum(total_contacts), 0) as malformed,
    100 * cast(sum(orphan) as {{realType}}) / nullif(sum(total_contacts), 0) as unknown_account
from joined
where $__timeFilter(time)
group by time
order by time
