-- Generated. Conversations that the newest business day lacks, of the median of the 28 days before.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
with days as (
    select
        business_date,
        count(*) as contacts,
        case when business_date < cast($business_date as varchar) then count(*) end as earlier
    from unified_interactions
    where business_date >= to_char(dateadd(day, -(28), cast(cast($business_date as varchar) as date)), 'YYYY-MM-DD')
        and business_date <= cast($business_date as varchar)
    group by business_date
),

compared as (
    select
        coalesce(max(case when business_date = cast($business_date as varchar) then contacts end), 0) as contacts,
        median(cast(earlier as double)) as usual
    from days
)

select
    coalesce(cast($business_date as varchar), 'no whole day') as scope,
    case
        when cast($business_date as varchar) is null then null
        when contacts = 0 then 1
        when contacts >= usual then 0
        else 1 - cast(contacts as double) / nullif(usual, 0)
    end as observed,
    cast(0.5 as double) as threshold
from compared;
