-- Generated. Queue performance by hour.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "QUEUE_PERFORMANCE_HOURLY" as
with settings as (
    select
        coalesce(max(case when name = 'count_abandons' then value end), 'true') as count_abandons,
        coalesce(max(case when name = 'short_abandons' then value end), 'include') as short_abandons
    from kpi_settings
),

parts as (
    select
        business_date,
        business_hour,
        queue_id,
        queue_name,
        media_type,
        outcome,
        short_abandon,
        wait_time_ms,
        answer_time_ms,
        over_sla,
        cast(null as boolean) as answered,
        cast(null as bigint) as handle_count,
        cast(null as bigint) as handle_time_ms,
        cast(null as bigint) as talk_time_ms,
        cast(null as bigint) as hold_time_ms,
        cast(null as bigint) as acw_time_ms,
        cast(null as bigint) as transfer_count,
        cast(null as bigint) as blind_transfer_count,
        cast(null as bigint) as consult_transfer_count
    from queue_visits
    union all
    select
        business_date,
        business_hour,
        queue_id,
        queue_name,
        media_type,
        cast(null as varchar) as outcome,
        cast(null as boolean) as short_abandon,
        cast(null as bigint) as wait_time_ms,
        cast(null as bigint) as answer_time_ms,
        cast(null as boolean) as over_sla,
        answered,
        handle_count,
        handle_time_ms,
        talk_time_ms,
        hold_time_ms,
        acw_time_ms,
        transfer_count,
        blind_transfer_count,
        consult_transfer_count
    from agent_legs
),

summed as (
    select
        business_date,
        business_hour,
        queue_id,
        queue_name,
        media_type,
        count(outcome) as offered,
        count(case when outcome = 'answered' then 1 end) as answered,
        count(case when outcome = 'abandoned' then 1 end) as abandoned,
        count(case when outcome = 'abandoned' and short_abandon then 1 end) as short_abandoned,
        count(case when outcome = 'flow_out' then 1 end) as flow_outs,
        count(case when outcome in ('waiting', 'unknown') then 1 end) as unsettled,
        count(case when over_sla then 1 end) as over_sla,
        cast(sum(wait_time_ms) as bigint) as wait_time_ms,
        cast(sum(answer_time_ms) as bigint) as answer_time_ms,
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
    from parts
    group by
        business_date,
        business_hour,
        queue_id,
        queue_name,
        media_type
),

based as (
    select
        summed.*,
        answered - over_sla as answered_in_time,
        answered + abandoned + flow_outs as settled,
        case
            when settings.count_abandons <> 'true' then answered
            when settings.short_abandons = 'exclude' then answered + abandoned - short_abandoned
            else answered + abandoned
        end as service_level_base
    from summed
    cross join settings
)

select
    business_date,
    business_hour,
    queue_id,
    queue_name,
    media_type,
    offered,
    answered,
    abandoned,
    short_abandoned,
    flow_outs,
    unsettled,
    settled,
    cast(((2000 * (abandoned) + settled) - mod((2000 * (abandoned) + settled), (2 * nullif(settled, 0)))) / (2 * nullif(settled, 0)) as double) / 10 as abandon_rate_pct,
    over_sla,
    answered_in_time,
    service_level_base,
    cast(((2000 * (answered_in_time) + service_level_base) - mod((2000 * (answered_in_time) + service_level_base), (2 * nullif(service_level_base, 0)))) / (2 * nullif(service_level_base, 0)) as double) / 10 as service_level_pct,
    wait_time_ms,
    answer_time_ms,
    cast(((2 * (answer_time_ms) + answered) - mod((2 * (answer_time_ms) + answered), (2 * nullif(answered, 0)))) / (2 * nullif(answered, 0)) as bigint) as average_speed_of_answer_ms,
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
from based;
