with days as (
    select
        business_date,
        count(*) as contacts,
        case when business_date < {{parameter "business_date"}} then count(*) end as earlier
    from unified_interactions
    where business_date >= {{daysBefore (parameter "business_date") "28"}}
        and business_date <= {{parameter "business_date"}}
    group by business_date
),

compared as (
    select
        coalesce(max(case when business_date = {{parameter "business_date"}} then contacts end), 0) as contacts,
        {{median "earlier"}} as usual
    from days
)

select
    coalesce({{parameter "business_date"}}, 'no whole day') as scope,
    case
        when {{parameter "business_date"}} is null then null
        when contacts = 0 then 1
        when contacts >= usual then 0
        else 1 - {{share "contacts" "usual"}}
    end as observed,
    cast(0.5 as {{realType}}) as threshold
from compared
