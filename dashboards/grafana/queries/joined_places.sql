with joined as (
    select
        cast(business_date as timestamp) as time,
        coalesce(media_type, '(none)') as media_type,
        coalesce(queue_name, queue_id, '(none)') as queue,
        total_contacts,
        no_id,
        malformed,
        orphan,
        matched + merged as identified
    from {{schema}}.join_quality_daily
),

summed as (
    select
        media_type,
        queue,
        cast(sum(total_contacts) as bigint) as total_contacts,
        cast(sum(no_id) as bigint) as no_id,
        cast(sum(malformed) as bigint) as malformed,
        cast(sum(orphan) as bigint) as orphan,
        cast(sum(identified) as bigint) as identified
    from joined
    where $__timeFilter(time)
        and queue in ({{chosen "queue"}})
        and media_type in ({{chosen "media"}})
    group by
        media_type,
        queue
)

select
    media_type,
    queue,
    total_contacts,
    no_id,
    malformed,
    orphan,
    identified,
    100 * cast(total_contacts - identified as {{realType}}) / total_contacts as unidentified_pct
from summed
order by
    total_contacts - identified desc,
    media_type,
    queue
