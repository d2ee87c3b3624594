-- Generated. Conversations that the newest business day lacks, of the median of the 28 days before.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
with days as (
    select
        business_date,
        count(*) as contacts,
        case when business_date < :business_date then count(*) end as earlier
    from unified_interactions
    where business_date >= date_format(date_sub(cast(:business_date as date), 28), 'yyyy-MM-dd')
        and business_date <= :business_date
    group by business_date
),

compared as (
    select
        coalesce(max(case when business_date = :business_date then contacts end), 0) as contacts,
        median(earlier) as usual
    from days
)

select
    coalesce(:business_date, 'no whole day') as scope,
    case
        when :business_date is null then null
        when contacts = 0 then 1
        when contacts >= usual then 0
        else 1 - cast(contacts as double) / nullif(usual, 0)
    end as observed,
    cast(0.5 as double) as threshold
from compared;
