-- Generated. Contact figures by day, medium, tier and industry.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create or replace view `contact_kpis_daily` as
with settings as (
    select cast(coalesce(max(case when name = 'repeat_days' then value end), '7') as integer) as repeat_days
    from kpi_settings
),

oldest as (
    select min(business_date) as business_date
    from unified_interactions
),

inbound as (
    select
        conversation_id,
        business_date,
        lag(business_date) over (
            partition by crm_account_id
            order by
                conversation_start,
                conversation_id
        ) as earlier_date
    from unified_interactions
    where direction = 'inbound'
        and crm_id_status in ('ok', 'merged')
),

repeats as (
    select
        inbound.conversation_id,
        case
            when inbound.earlier_date >= date_format(date_sub(cast(inbound.business_date as date), settings.repeat_days), 'yyyy-MM-dd') then true
            when oldest.business_date <= date_format(date_sub(cast(inbound.business_date as date), settings.repeat_days), 'yyyy-MM-dd') then false
        end as is_repeat
    from inbound
    cross join oldest
    cross join settings
),

contacts as (
    select
        interactions.business_date,
        interactions.media_type,
        interactions.customer_tier,
        interactions.industry,
        interactions.handle_count,
        interactions.handle_time_ms,
        interactions.acw_time_ms,
        interactions.hold_time_ms,
        interactions.answered_count,
        interactions.answer_time_ms,
        interactions.offered_count,
        interactions.abandoned,
        interactions.short_abandon,
        interactions.agent_count,
        interactions.transferred,
        interactions.blind_transferred,
        interactions.consult_transferred,
        interactions.bot_present and interactions.handled_by_bot_only is not null as is_bot_contact,
        interactions.bot_present and interactions.handled_by_bot_only as is_contained,
        interactions.was_escalated,
        repeats.is_repeat,
        interactions.csat_score,
        interactions.nps,
        interactions.qa_score
    from unified_interactions as interactions
    left join repeats
        on interactions.conversation_id = repeats.conversation_id
),

summed as (
    select
        business_date,
        media_type,
        customer_tier,
        industry,
        count(*) as contacts,
        cast(sum(handle_count) as bigint) as handle_count,
        cast(sum(handle_time_ms) as bigint) as handle_time_ms,
        cast(sum(acw_time_ms) as bigint) as acw_time_ms,
        cast(sum(hold_time_ms) as bigint) as hold_time_ms,
        count(case when hold_time_ms > 0 then 1 end) as held_contacts,
        cast(sum(answered_count) as bigint) as answered_count,
        cast(sum(answer_time_ms) as bigint) as answer_time_ms,
        count(case when offered_count > 0 and abandoned is not null then 1 end) as offered_contacts,
        count(case when offered_count > 0 and abandoned then 1 end) as abandoned_contacts,
        count(case when offered_count > 0 and short_abandon then 1 end) as short_abandoned_contacts,
        count(case when agent_count > 0 and transferred is not null then 1 end) as handled_contacts,
        count(case when agent_count > 0 and transferred then 1 end) as transferred_contacts,
        count(case when agent_count > 0 and blind_transferred then 1 end) as blind_transferred_contacts,
        count(case when agent_count > 0 and consult_transferred then 1 end) as consult_transferred_contacts,
        count(case when is_bot_contact then 1 end) as bot_contacts,
        count(case when is_contained then 1 end) as contained_contacts,
        count(was_escalated) as known_contacts,
        count(case when was_escalated then 1 end) as escalated_contacts,
        count(is_repeat) as repeat_base,
        count(case when is_repeat then 1 end) as repeat_contacts,
        count(csat_score) as csat_count,
        sum(csat_score) as csat_sum,
        count(nps) as nps_count,
        count(case when nps >= 9 then 1 end) as promoters,
        count(case when nps <= 6 then 1 end) as detractors,
        count(qa_score) as qa_count,
        sum(qa_score) as qa_sum
    from contacts
    group by
        business_date,
        media_type,
        customer_tier,
        industry
)

select
    business_date,
    media_type,
    customer_tier,
    industry,
    contacts,
    handle_count,
    handle_time_ms,
    (2 * (handle_time_ms) + handle_count) div (2 * nullif(handle_count, 0)) as average_handle_time_ms,
    acw_time_ms,
    (2 * (acw_time_ms) + handle_count) div (2 * nullif(handle_count, 0)) as average_acw_time_ms,
    hold_time_ms,
    held_contacts,
    (2 * (hold_time_ms) + held_contacts) div (2 * nullif(held_contacts, 0)) as average_hold_time_ms,
    answered_count,
    answer_time_ms,
    (2 * (answer_time_ms) + answered_count) div (2 * nullif(answered_count, 0)) as average_speed_of_answer_ms,
    offered_contacts,
    abandoned_contacts,
    short_abandoned_contacts,
    cast((2000 * (abandoned_contacts) + offered_contacts) div (2 * nullif(offered_contacts, 0)) as double) / 10 as abandon_rate_pct,
    handled_contacts,
    transferred_contacts,
    blind_transferred_contacts,
    consult_transferred_contacts,
    cast((2000 * (transferred_contacts) + handled_contacts) div (2 * nullif(handled_contacts, 0)) as double) / 10 as transfer_rate_pct,
    bot_contacts,
    contained_contacts,
    cast((2000 * (contained_contacts) + bot_contacts) div (2 * nullif(bot_contacts, 0)) as double) / 10 as containment_rate_pct,
    known_contacts,
    escalated_contacts,
    cast((2000 * (escalated_contacts) + known_contacts) div (2 * nullif(known_contacts, 0)) as double) / 10 as escalation_rate_pct,
    repeat_base,
    repeat_contacts,
    cast((2000 * (repeat_contacts) + repeat_base) div (2 * nullif(repeat_base, 0)) as double) / 10 as repeat_rate_pct,
    csat_count,
    csat_sum,
    cast(csat_sum as double) / nullif(csat_count, 0) as average_csat,
    nps_count,
    promoters,
    detractors,
    case
        when promoters >= detractors then cast((2000 * (promoters - detractors) + nps_count) div (2 * nullif(nps_count, 0)) as double) / 10
        else -cast((2000 * (detractors - promoters) + nps_count) div (2 * nullif(nps_count, 0)) as double) / 10
    end as net_promoter_score,
    qa_count,
    qa_sum,
    cast(qa_sum as double) / nullif(qa_count, 0) as average_qa
from summed;
