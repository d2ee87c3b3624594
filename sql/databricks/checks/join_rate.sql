-- Generated. Conversations without a known CRM account.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

counted as (
    select
        max(newest.business_date) as newest_date,
        count(*) as total_contacts,
        count(case when interactions.crm_id_status in ('missing', 'malformed', 'unknown_account') then 1 end) as unidentified
    from unified_interactions as interactions
    cross join newest
    where interactions.business_date >= date_format(date_sub(cast(newest.business_date as date), 29), 'yyyy-MM-dd')
        and interactions.data_source not in ('genesys_onpremise', 'premier_contact_point')
)

select
    '30 days to ' || coalesce(newest_date, 'never') as scope,
    cast(unidentified as double) / nullif(total_contacts, 0) as observed,
    :join_limit as threshold
from counted;
