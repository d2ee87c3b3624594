with checks as (
    select
        check_id,
        status,
        rank() over (partition by check_id order by checked_at desc) as place
    from {{schema}}.etl_checks
    where $__timeFilter(checked_at)
        and check_id <> 'join_rate'
)

select
    check_id,
    count(case when status = 'fail' then 1 end) as value
from checks
where place = 1
group by check_id
