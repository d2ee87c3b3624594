-- Generated. Matched against unmatched contacts.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "MATCH_BIAS" as
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

first_visits as (
    select
        conversation_id,
        min(business_hour) as business_hour
    from queue_visits
    where visit_seq = 1
    group by conversation_id
),

contacts as (
    select
        interactions.crm_id_status in ('ok', 'merged') as is_matched,
        interactions.handle_time_ms,
        interactions.wait_time_ms,
        case when interactions.offered_count > 0 then interactions.abandoned end as abandoned,
        interactions.bot_present,
        interactions.media_type,
        coalesce(interactions.queue_name, interactions.queue_id) as queue,
        cast(first_visits.business_hour as varchar) as hour
    from unified_interactions as interactions
    cross join newest
    left join first_visits
        on interactions.conversation_id = first_visits.conversation_id
    where interactions.business_date >= to_char(dateadd(day, -(29), cast(newest.business_date as date)), 'YYYY-MM-DD')
),

numbers as (
    select
        'handle_time_ms' as characteristic,
        is_matched,
        cast(handle_time_ms as double) as x
    from contacts
    where handle_time_ms is not null
    union all
    select
        'wait_time_ms' as characteristic,
        is_matched,
        cast(wait_time_ms as double) as x
    from contacts
    where wait_time_ms is not null
),

moments as (
    select
        characteristic,
        count(case when is_matched then 1 end) as matched_known,
        count(case when not is_matched then 1 end) as unmatched_known,
        avg(case when is_matched then x end) as matched_mean,
        avg(case when not is_matched then x end) as unmatched_mean,
        var_samp(case when is_matched then x end) as matched_variance,
        var_samp(case when not is_matched then x end) as unmatched_variance
    from numbers
    group by characteristic
),

kinds as (
    select
        'abandoned' as characteristic,
        is_matched,
        case when abandoned then 'true' else 'false' end as kind
    from contacts
    where abandoned is not null
    union all
    select
        'bot_present' as characteristic,
        is_matched,
        case when bot_present then 'true' else 'false' end as kind
    from contacts
    where bot_present is not null
    union all
    select
        'media_type' as characteristic,
        is_matched,
        media_type as kind
    from contacts
    where media_type is not null
    union all
    select
        'queue' as characteristic,
        is_matched,
        queue as kind
    from contacts
    where queue is not null
    union all
    select
        'hour' as characteristic,
        is_matched,
        hour as kind
    from contacts
    where hour is not null
),

tallied as (
    select
        characteristic,
        kind,
        count(case when is_matched then 1 end) as matched_n,
        count(case when not is_matched then 1 end) as unmatched_n
    from kinds
    group by
        characteristic,
        kind
),

shares as (
    select
        characteristic,
        kind,
        cast(sum(matched_n) over (partition by characteristic) as bigint) as matched_known,
        cast(sum(unmatched_n) over (partition by characteristic) as bigint) as unmatched_known,
        cast(matched_n as double) / nullif(sum(matched_n) over (partition by characteristic), 0) as matched_mean,
        cast(unmatched_n as double) / nullif(sum(unmatched_n) over (partition by characteristic), 0) as unmatched_mean
    from tallied
),

compared as (
    select
        characteristic,
        cast(null as varchar) as kind,
        matched_known,
        unmatched_known,
        matched_mean,
        unmatched_mean,
        (matched_variance + unmatched_variance) / 2 as variance
    from moments
    union all
    select
        characteristic,
        kind,
        matched_known,
        unmatched_known,
        matched_mean,
        unmatched_mean,
        (matched_mean * (1 - matched_mean) + unmatched_mean * (1 - unmatched_mean)) / 2 as variance
    from shares
    where not (characteristic in ('abandoned', 'bot_present') and kind = 'false')
),

standardised as (
    select
        compared.*,
        case
            when matched_mean = unmatched_mean then 0
            else (matched_mean - unmatched_mean) / sqrt(nullif(variance, 0))
        end as difference
    from compared
)

select
    characteristic,
    kind,
    matched_known,
    unmatched_known,
    matched_mean,
    unmatched_mean,
    round(1000 * difference) / 1000 as standardised_difference,
    abs(difference) > 0.1 as is_unbalanced
from standardised;
