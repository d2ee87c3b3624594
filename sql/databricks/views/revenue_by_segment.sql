-- Generated. Customer value by tier and industry.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create or replace view `revenue_by_segment` as
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

contacts as (
    select
        case when interactions.crm_id_status in ('ok', 'merged') then interactions.crm_account_id end as account_id,
        count(*) as contacts
    from unified_interactions as interactions
    cross join newest
    where interactions.business_date >= date_format(date_sub(cast(newest.business_date as date), 29), 'yyyy-MM-dd')
    group by case when interactions.crm_id_status in ('ok', 'merged') then interactions.crm_account_id end
),

opportunities as (
    select
        coalesce(third.account_id, second.account_id, first.account_id) as account_id,
        count(*) as open_opportunities,
        sum(crm_opportunities.amount) as open_amount
    from crm_opportunities
    left join crm_accounts as first
        on crm_opportunities.account_id = first.account_id
    left join crm_accounts as second
        on first.master_account_id = second.account_id
    left join crm_accounts as third
        on second.master_account_id = third.account_id
    where not crm_opportunities.is_deleted
        and not coalesce(crm_opportunities.is_closed, true)
    group by coalesce(third.account_id, second.account_id, first.account_id)
),

accounts as (
    select
        crm_accounts.customer_tier,
        crm_accounts.industry,
        1 as accounts,
        case when contacts.contacts > 0 then 1 else 0 end as contacting_accounts,
        coalesce(contacts.contacts, 0) as contacts,
        crm_accounts.ltv_usd,
        case when contacts.contacts > 0 then crm_accounts.ltv_usd end as contacting_ltv_usd,
        coalesce(opportunities.open_opportunities, 0) as open_opportunities,
        opportunities.open_amount
    from crm_accounts
    left join contacts
        on crm_accounts.account_id = contacts.account_id
    left join opportunities
        on crm_accounts.account_id = opportunities.account_id
    where not crm_accounts.is_deleted
)

select
    customer_tier,
    industry,
    cast(sum(accounts.accounts) as bigint) as accounts,
    cast(sum(contacting_accounts) as bigint) as contacting_accounts,
    cast(sum(contacts) as bigint) as contacts,
    (2 * (1000 * cast(sum(contacts) as bigint)) + cast(sum(accounts.accounts) as bigint)) div (2 * nullif(cast(sum(accounts.accounts) as bigint), 0)) as contacts_per_1000_accounts,
    count(ltv_usd) as valued_accounts,
    round(100 * sum(ltv_usd)) / 100 as ltv_usd,
    round(100 * sum(contacting_ltv_usd)) / 100 as contacting_ltv_usd,
    cast(sum(open_opportunities) as bigint) as open_opportunities,
    round(100 * sum(open_amount)) / 100 as open_amount
from accounts
group by
    customer_tier,
    industry;
