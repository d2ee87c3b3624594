with checks as (
    select
        status,
        observed,
        threshold,
        message,
        checked_at,
        rank() over (order by checked_at desc) as place
    from {{schema}}.etl_checks
    where check_id = 'join_rate'
),

publications as (
    select count(case when state <> 'current' then 1 end) as kept_views
    from {{schema}}.etl_publications
)

select
    checks.status,
    checks.observed,
    checks.threshold,
    publications.kept_views,
    checks.message,
    checks.checked_at
from checks
cross join publications
where checks.place = 1
