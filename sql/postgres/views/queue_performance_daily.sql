-- Generated. Queue performance by day.
create or replace view "queue_performance_daily" as
with contacts as (
    select
        business_date,
        queue_id,
        queue_name,
        media_type,
        offered_count,
        answered_count,
        abandoned_count,
        flow_out_count,
        over_sla_count,
        answer_time_ms,
        handle_count,
        handle_time_ms,
        acw_time_ms,
        transfer_count
    from unified_interactions
    where queue_id is not null
),

summed as (
    select
        business_date,
        queue_id,
        queue_name,
        media_type,
        count(*) as contacts,
        cast(sum(offered_count) as bigint) as offered,
        cast(sum(answered_count) as bigint) as answered,
        cast(sum(abandoned_count) as bigint) as abandoned,
        cast(sum(flow_out_count) as bigint) as flow_outs,
        cast(sum(over_sla_count) as bigint) as over_sla,
        cast(sum(answer_time_ms) as bigint) as answer_time_ms,
        cast(sum(handle_count) as bigint) as handle_count,
        cast(sum(handle_time_ms) as bigint) as handle_time_ms,
        cast(sum(acw_time_ms) as bigint) as acw_time_ms,
        cast(sum(transfer_count) as bigint) as transfers
    from contacts
    group by
        business_date,
        queue_id,
        queue_name,
        media_type
)

select
    business_date,
    queue_id,
    queue_name,
    media_type,
    contacts,
    offered,
    answered,
    abandoned,
    flow_outs,
    over_sla,
    cast((2000 * (coalesce(abandoned, 0)) + coalesce(offered, 0)) / (2 * nullif(coalesce(offered, 0), 0)) as double precision) / 10 as abandon_rate_pct,
    cast((2000 * (coalesce(answered, 0) - coalesce(over_sla, 0)) + (coalesce(answered, 0) + coalesce(abandoned, 0))) / (2 * nullif((coalesce(answered, 0) + coalesce(abandoned, 0)), 0)) as double precision) / 10 as service_level_pct,
    (2 * (answer_time_ms) + answered) / (2 * nullif(answered, 0)) as average_speed_of_answer_ms,
    handle_count,
    handle_time_ms,
    (2 * (handle_time_ms) + handle_count) / (2 * nullif(handle_count, 0)) as average_handle_time_ms,
    acw_time_ms,
    transfers
from summed;
