-- Generated. Escalation rate by customer tier.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "ESCALATION_BY_TIER" as
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

contacts as (
    select
        interactions.customer_tier,
        interactions.was_escalated
    from unified_interactions as interactions
    cross join newest
    where interactions.business_date >= to_char(dateadd(day, -(29), cast(newest.business_date as date)), 'YYYY-MM-DD')
),

counted as (
    select
        customer_tier,
        count(*) as total_contacts,
        count(was_escalated) as known_contacts,
        count(case when was_escalated then 1 end) as escalated_contacts
    from contacts
    group by customer_tier
)

select
    customer_tier,
    total_contacts,
    known_contacts,
    escalated_contacts,
    cast(((2000 * (escalated_contacts) + known_contacts) - mod((2000 * (escalated_contacts) + known_contacts), (2 * nullif(known_contacts, 0)))) / (2 * nullif(known_contacts, 0)) as double) / 10 as escalation_rate_pct
from counted;
