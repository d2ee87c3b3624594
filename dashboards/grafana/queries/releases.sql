with releases as (
    select
        cast(released_on as timestamp) as time,
        product,
        release,
        note
    from {{schema}}.releases
    where not is_deleted
)

select
    time,
    product || ' ' || release || coalesce(': ' || note, '') as text,
    product as tags
from releases
where $__timeFilter(time)
order by
    time,
    product,
    release
