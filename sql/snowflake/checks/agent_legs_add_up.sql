-- Generated. Conversations of the newest 32 days whose agents' legs are not handled for as long, or as often, as they are.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

measured as (
    select
        interactions.conversation_id,
        interactions.handle_time_ms,
        interactions.handle_count
    from unified_interactions as interactions
    cross join newest
    join conversations
        on interactions.conversation_id = conversations.conversation_id
    where interactions.business_date >= to_char(dateadd(day, -(31), cast(newest.business_date as date)), 'YYYY-MM-DD')
        and interactions.time_source = 'metric'
),

added as (
    select
        measured.conversation_id,
        measured.handle_time_ms,
        measured.handle_count,
        coalesce(sum(agent_legs.handle_time_ms), 0) as legs_handle_time_ms,
        coalesce(sum(agent_legs.handle_count), 0) as legs_handle_count
    from measured
    left join agent_legs
        on measured.conversation_id = agent_legs.conversation_id
    group by
        measured.conversation_id,
        measured.handle_time_ms,
        measured.handle_count
)

select
    'agent_legs' as scope,
    cast(count(*) as double) as observed,
    cast(0 as double) as threshold
from added
where handle_time_ms <> legs_handle_time_ms
    or handle_count <> legs_handle_count;
