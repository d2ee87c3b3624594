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
        cast(coalesce(sum(offered_count), 0) as bigint) as offered,
        cast(coalesce(sum(answered_count), 0) as bigint) as answered,
        cast(coalesce(sum(abandoned_count), 0) as bigint) as abandoned,
        cast(coalesce(sum(flow_out_count), 0) as bigint) as flow_outs,
        cast(coalesce(sum(over_sla_count), 0) as bigint) as over_sla,
        cast(coalesce(sum(answer_time_ms), 0) as bigint) as answer_time_ms,
        cast(coalesce(sum(handle_count), 0) as bigint) as handle_count,
        cast(coalesce(sum(handle_time_ms), 0) as bigint) as handle_time_ms,
        cast(coalesce(sum(acw_time_ms), 0) as bigint) as acw_time_ms,
        cast(coalesce(sum(transfer_count), 0) as bigint) as transfers
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
    {{percent "abandoned" "offered"}} as abandon_rate_pct,
    {{percent "answered - over_sla" "(answered + abandoned)"}} as service_level_pct,
    {{quotient "answer_time_ms" "answered"}} as average_speed_of_answer_ms,
    handle_count,
    handle_time_ms,
    {{quotient "handle_time_ms" "handle_count"}} as average_handle_time_ms,
    acw_time_ms,
    transfers
from summed
