-- Generated. Agent performance by day.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "AGENT_PERFORMANCE_DAILY" as
with summed as (
    select
        business_date,
        user_id,
        agent_name,
        queue_id,
        queue_name,
        media_type,
        count(*) as legs,
        count(case when answered then 1 end) as answered_legs,
        count(case when not_responding then 1 end) as not_responding_legs,
        cast(sum(alert_time_ms) as bigint) as alert_time_ms,
        cast(sum(handle_count) as bigint) as handle_count,
        cast(sum(handle_time_ms) as bigint) as handle_time_ms,
        cast(sum(talk_time_ms) as bigint) as talk_time_ms,
        cast(sum(hold_time_ms) as bigint) as hold_time_ms,
        count(case when hold_time_ms > 0 then 1 end) as held_legs,
        cast(sum(acw_time_ms) as bigint) as acw_time_ms,
        count(case when answered and transfer_count is not null then 1 end) as measured_legs,
        count(case when answered and transfer_count > 0 then 1 end) as transferred_legs,
        count(case when answered and blind_transfer_count > 0 then 1 end) as blind_transferred_legs,
        count(case when answered and consult_transfer_count > 0 then 1 end) as consult_transferred_legs
    from agent_legs
    group by
        business_date,
        user_id,
        agent_name,
        queue_id,
        queue_name,
        media_type
)

select
    business_date,
    user_id,
    agent_name,
    queue_id,
    queue_name,
    media_type,
    legs,
    answered_legs,
    not_responding_legs,
    cast(((2000 * (not_responding_legs) + legs) - mod((2000 * (not_responding_legs) + legs), (2 * nullif(legs, 0)))) / (2 * nullif(legs, 0)) as double) / 10 as not_responding_rate_pct,
    alert_time_ms,
    handle_count,
    handle_time_ms,
    cast(((2 * (handle_time_ms) + handle_count) - mod((2 * (handle_time_ms) + handle_count), (2 * nullif(handle_count, 0)))) / (2 * nullif(handle_count, 0)) as bigint) as average_handle_time_ms,
    talk_time_ms,
    hold_time_ms,
    held_legs,
    cast(((2 * (hold_time_ms) + held_legs) - mod((2 * (hold_time_ms) + held_legs), (2 * nullif(held_legs, 0)))) / (2 * nullif(held_legs, 0)) as bigint) as average_hold_time_ms,
    acw_time_ms,
    cast(((2 * (acw_time_ms) + handle_count) - mod((2 * (acw_time_ms) + handle_count), (2 * nullif(handle_count, 0)))) / (2 * nullif(handle_count, 0)) as bigint) as average_acw_time_ms,
    measured_legs,
    transferred_legs,
    blind_transferred_legs,
    consult_transferred_legs,
    cast(((2000 * (transferred_legs) + measured_legs) - mod((2000 * (transferred_legs) + measured_legs), (2 * nullif(measured_legs, 0)))) / (2 * nullif(measured_legs, 0)) as double) / 10 as transfer_rate_pct
from summed;
