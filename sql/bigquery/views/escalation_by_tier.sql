-- Generated. Escalation rate by customer tier.
create or replace view `trunkline`.`escalation_by_tier` as
with unified_interactions as (
    select *
    from `trunkline`.`unified_interactions`
)

(
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
    where interactions.business_date >= format_date('%F', date_sub(cast(newest.business_date as date), interval 29 day))
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
    cast(div(2000 * (escalated_contacts) + known_contacts, 2 * nullif(known_contacts, 0)) as float64) / 10 as escalation_rate_pct
from counted
);
