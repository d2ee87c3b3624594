-- Generated. Conversations of the newest 32 days whose queue visits are not as many, or did not end, as their counts say.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

measured as (
    select
        interactions.conversation_id,
        interactions.offered_count,
        interactions.answered_count,
        interactions.abandoned_count,
        interactions.flow_out_count,
        interactions.over_sla_count
    from unified_interactions as interactions
    cross join newest
    join conversations
        on interactions.conversation_id = conversations.conversation_id
    where interactions.business_date >= to_char(dateadd(day, -(31), cast(newest.business_date as date)), 'YYYY-MM-DD')
        and interactions.offered_count is not null
),

added as (
    select
        measured.conversation_id,
        measured.offered_count,
        measured.answered_count,
        measured.abandoned_count,
        measured.flow_out_count,
        measured.over_sla_count,
        count(queue_visits.conversation_id) as visits,
        count(case when queue_visits.outcome = 'answered' then 1 end) as answered,
        count(case when queue_visits.outcome = 'abandoned' then 1 end) as abandoned,
        count(case when queue_visits.outcome = 'flow_out' then 1 end) as flowed_out,
        count(case when queue_visits.over_sla then 1 end) as late
    from measured
    left join queue_visits
        on measured.conversation_id = queue_visits.conversation_id
    group by
        measured.conversation_id,
        measured.offered_count,
        measured.answered_count,
        measured.abandoned_count,
        measured.flow_out_count,
        measured.over_sla_count
)

select
    'queue_visits' as scope,
    cast(count(*) as double) as observed,
    cast(0 as double) as threshold
from added
where visits <> offered_count
    or answered <> answered_count
    or abandoned <> abandoned_count
    or flowed_out <> flow_out_count
    or late <> over_sla_count;
