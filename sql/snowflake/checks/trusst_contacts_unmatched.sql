-- Generated. Contacts of Trusst without a conversation.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

landed as (
    select
        max(newest.business_date) as newest_date,
        coalesce(
            min(case when interactions.data_source not in ('genesys_onpremise', 'premier_contact_point') then interactions.conversation_start end),
            min(interactions.conversation_start)
        ) as first_start,
        coalesce(
            max(case when interactions.data_source not in ('genesys_onpremise', 'premier_contact_point') then interactions.conversation_start end),
            max(interactions.conversation_start)
        ) as last_start
    from unified_interactions as interactions
    cross join newest
    where interactions.business_date >= to_char(dateadd(day, -(29), cast(newest.business_date as date)), 'YYYY-MM-DD')
),

counted as (
    select
        count(*) as total_contacts,
        count(case when interactions.conversation_id is null then 1 end) as unmatched
    from trusst_contacts as contacts
    cross join landed
    left join unified_interactions as interactions
        on interactions.conversation_id = contacts.conversation_id
    where not contacts.is_deleted
        and coalesce(contacts.start_time, contacts.call_time, contacts.created_at) >= landed.first_start
        and coalesce(contacts.start_time, contacts.call_time, contacts.created_at) <= landed.last_start
)

select
    '30 days to ' || coalesce(landed.newest_date, 'never') as scope,
    cast(counted.unmatched as double) / nullif(counted.total_contacts, 0) as observed,
    cast($unmatched_contacts_limit as double) as threshold
from counted
cross join landed;
