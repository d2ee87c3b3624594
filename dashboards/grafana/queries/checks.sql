with checks as (
    select
        check_id,
        scope,
        severity,
        status,
        observed,
        threshold,
        message,
        checked_at,
        rank() over (partition by check_id order by checked_at desc) as place
    from {{schema}}.etl_checks
    where $__timeFilter(checked_at)
)

select
    checked_at,
    check_id,
    scope,
    severity,
    status,
    observed,
    threshold,
    message
from checks
where place = 1
order by
    status,
    check_id,
    scope
