-- Generated. Worst-case bounds of the figures that need the CRM.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create or replace view `crm_kpi_bounds` as
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

contacts as (
    select
        interactions.crm_id_status in ('ok', 'merged') as is_matched,
        interactions.customer_tier,
        interactions.industry,
        interactions.was_escalated,
        case when interactions.bot_present then interactions.handled_by_bot_only end as was_contained
    from unified_interactions as interactions
    cross join newest
    where interactions.business_date >= date_format(date_sub(cast(newest.business_date as date), 29), 'yyyy-MM-dd')
),

measured as (
    select
        'escalation_rate_pct' as kpi,
        'customer_tier' as dimension,
        customer_tier as segment,
        is_matched,
        count(was_escalated) as known,
        count(case when was_escalated then 1 end) as events
    from contacts
    group by
        customer_tier,
        is_matched
    union all
    select
        'containment_rate_pct' as kpi,
        'industry' as dimension,
        industry as segment,
        is_matched,
        count(was_contained) as known,
        count(case when was_contained then 1 end) as events
    from contacts
    group by
        industry,
        is_matched
),

unmatched as (
    select
        kpi,
        cast(sum(case when is_matched then 0 else known end) as bigint) as unmatched_contacts,
        cast(sum(case when is_matched then 0 else events end) as bigint) as unmatched_events
    from measured
    group by kpi
)

select
    measured.kpi,
    measured.dimension,
    measured.segment,
    measured.known as matched_contacts,
    measured.events as matched_events,
    cast((2000 * (measured.events) + measured.known) div (2 * nullif(measured.known, 0)) as double) / 10 as rate_pct,
    unmatched.unmatched_contacts,
    unmatched.unmatched_events,
    cast((2000 * (measured.events) + (measured.known + unmatched.unmatched_contacts - unmatched.unmatched_events)) div (2 * nullif((measured.known + unmatched.unmatched_contacts - unmatched.unmatched_events), 0)) as double) / 10 as lower_pct,
    cast((2000 * (measured.events + unmatched.unmatched_events) + (measured.known + unmatched.unmatched_events)) div (2 * nullif((measured.known + unmatched.unmatched_events), 0)) as double) / 10 as upper_pct
from measured
join unmatched
    on measured.kpi = unmatched.kpi
where measured.is_matched;
