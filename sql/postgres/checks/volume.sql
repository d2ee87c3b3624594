-- Generated. Conversations that the newest business day lacks, of the median of the 28 days before.
with days as (
    select
        business_date,
        count(*) as contacts,
        case when business_date < cast(nullif(current_setting('trunkline.business_date', true), '') as text) then count(*) end as earlier
    from unified_interactions
    where business_date >= to_char(cast(cast(nullif(current_setting('trunkline.business_date', true), '') as text) as date) - 28, 'YYYY-MM-DD')
        and business_date <= cast(nullif(current_setting('trunkline.business_date', true), '') as text)
    group by business_date
),

compared as (
    select
        coalesce(max(case when business_date = cast(nullif(current_setting('trunkline.business_date', true), '') as text) then contacts end), 0) as contacts,
        percentile_cont(0.5) within group (order by earlier) as usual
    from days
)

select
    coalesce(cast(nullif(current_setting('trunkline.business_date', true), '') as text), 'no whole day') as scope,
    case
        when cast(nullif(current_setting('trunkline.business_date', true), '') as text) is null then null
        when contacts = 0 then 1
        when contacts >= usual then 0
        else 1 - cast(contacts as double precision) / nullif(usual, 0)
    end as observed,
    cast(0.5 as double precision) as threshold
from compared;
