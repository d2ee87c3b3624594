-- Generated. Conversations without a contact of Trusst.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

analysed as (
    select distinct conversation_id
    from trusst_contacts
    where conversation_id is not null
        and not is_deleted
),

counted as (
    select
        max(newest.business_date) as newest_date,
        count(*) as total_contacts,
        count(case when analysed.conversation_id is null then 1 end) as unanalysed
    from unified_interactions as interactions
    cross join newest
    left join analysed
        on analysed.conversation_id = interactions.conversation_id
    where interactions.business_date >= date_format(date_sub(cast(newest.business_date as date), 29), 'yyyy-MM-dd')
        and interactions.data_source not in ('genesys_onpremise', 'premier_contact_point')
)

select
    '30 days to ' || coalesce(newest_date, 'never') as scope,
    cast(unanalysed as double) / nullif(total_contacts, 0) as observed,
    :unanalysed_limit as threshold
from counted;
