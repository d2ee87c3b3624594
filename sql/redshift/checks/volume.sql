-- Generated. Conversations that the newest business day lacks, of the median of the 28 days before.
with days as (
    select
        business_date,
        count(*) as contacts,
        case when business_date < (select cast(max(value) as varchar(10)) from trunkline_parameters where name = 'business_date') then count(*) end as earlier
    from unified_interactions
    where business_date >= to_char(dateadd(day, -(28), cast((select cast(max(value) as varchar(10)) from trunkline_parameters where name = 'business_date') as date)), 'YYYY-MM-DD')
        and business_date <= (select cast(max(value) as varchar(10)) from trunkline_parameters where name = 'business_date')
    group by business_date
),

compared as (
    select
        coalesce(max(case when business_date = (select cast(max(value) as varchar(10)) from trunkline_parameters where name = 'business_date') then contacts end), 0) as contacts,
        median(cast(earlier as double precision)) as usual
    from days
)

select
    coalesce((select cast(max(value) as varchar(10)) from trunkline_parameters where name = 'business_date'), 'no whole day') as scope,
    case
        when (select cast(max(value) as varchar(10)) from trunkline_parameters where name = 'business_date') is null then null
        when contacts = 0 then 1
        when contacts >= usual then 0
        else 1 - cast(contacts as double precision) / nullif(usual, 0)
    end as observed,
    cast(0.5 as double precision) as threshold
from compared;
