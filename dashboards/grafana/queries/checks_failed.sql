with checks as (
    select
        check_id,
        status,
        rank() over (partition by check_id order by checked_at desc) as place
    from {{schema}}.etl_checks
    where $__timeFilter(checked_at)
)

select count(distinct case when status = 'fail' then check_id end) as value
from checks
where place = 1
