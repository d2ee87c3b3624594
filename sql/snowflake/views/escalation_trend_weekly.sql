-- Generated. Escalation by week and tier.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "ESCALATION_TREND_WEEKLY" as
with weeks as (
    select
        to_char(dateadd(day, 1 - dayofweekiso(cast(business_date as date)), cast(business_date as date)), 'YYYY-MM-DD') as week_start,
        business_date,
        customer_tier,
        was_escalated
    from unified_interactions
),

lengths as (
    select
        week_start,
        count(distinct business_date) as days
    from weeks
    group by week_start
),

counted as (
    select
        week_start,
        customer_tier,
        count(*) as total_contacts,
        count(was_escalated) as known_contacts,
        count(case when was_escalated then 1 end) as escalated_contacts
    from weeks
    group by
        week_start,
        customer_tier
),

followed as (
    select
        week_start,
        customer_tier,
        total_contacts,
        known_contacts,
        escalated_contacts,
        lag(week_start) over (partition by customer_tier order by week_start) as earlier_week,
        lag(known_contacts) over (partition by customer_tier order by week_start) as earlier_known,
        lag(escalated_contacts) over (partition by customer_tier order by week_start) as earlier_escalated
    from counted
),

compared as (
    select
        followed.*,
        case when earlier_week = to_char(dateadd(day, -(7), cast(week_start as date)), 'YYYY-MM-DD') then earlier_known end as previous_known_contacts,
        case when earlier_week = to_char(dateadd(day, -(7), cast(week_start as date)), 'YYYY-MM-DD') then earlier_escalated end as previous_escalated_contacts
    from followed
)

select
    compared.week_start,
    compared.customer_tier,
    lengths.days,
    compared.total_contacts,
    compared.known_contacts,
    compared.escalated_contacts,
    cast(((2000 * (compared.escalated_contacts) + compared.known_contacts) - mod((2000 * (compared.escalated_contacts) + compared.known_contacts), (2 * nullif(compared.known_contacts, 0)))) / (2 * nullif(compared.known_contacts, 0)) as double) / 10 as escalation_rate_pct,
    compared.previous_known_contacts,
    compared.previous_escalated_contacts,
    round(1000 * (cast(compared.escalated_contacts as double) / nullif(compared.known_contacts, 0) - cast(compared.previous_escalated_contacts as double) / nullif(compared.previous_known_contacts, 0))) / 10 as change_points
from compared
join lengths
    on compared.week_start = lengths.week_start;
