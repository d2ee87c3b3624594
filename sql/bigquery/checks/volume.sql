-- Generated. Conversations that the newest business day lacks, of the median of the 28 days before.
with days as (
    select
        business_date,
        count(*) as contacts,
        case when business_date < @business_date then count(*) end as earlier
    from unified_interactions
    where business_date >= format_date('%F', date_sub(cast(@business_date as date), interval 28 day))
        and business_date <= @business_date
    group by business_date
),

compared as (
    select
        coalesce(max(case when business_date = @business_date then contacts end), 0) as contacts,
        (array_agg(earlier ignore nulls order by earlier)[safe_offset(div(count(earlier) - 1, 2))] + array_agg(earlier ignore nulls order by earlier)[safe_offset(div(count(earlier), 2))]) / 2 as usual
    from days
)

select
    coalesce(@business_date, 'no whole day') as scope,
    case
        when @business_date is null then null
        when contacts = 0 then 1
        when contacts >= usual then 0
        else 1 - cast(contacts as float64) / nullif(usual, 0)
    end as observed,
    cast(0.5 as float64) as threshold
from compared;
