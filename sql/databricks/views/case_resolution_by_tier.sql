-- Generated. Case resolution by tier.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create or replace view `case_resolution_by_tier` as
with cases as (
    select
        case
            when third.account_id is not null then third.customer_tier
            when second.account_id is not null then second.customer_tier
            else first.customer_tier
        end as customer_tier,
        crm_cases.is_closed,
        case
            when crm_cases.is_closed and crm_cases.closed_at >= crm_cases.created_at then unix_timestamp(crm_cases.closed_at) - unix_timestamp(crm_cases.created_at)
        end as resolution_seconds
    from crm_cases
    left join crm_accounts as first
        on crm_cases.account_id = first.account_id
    left join crm_accounts as second
        on first.master_account_id = second.account_id
    left join crm_accounts as third
        on second.master_account_id = third.account_id
    where not crm_cases.is_deleted
),

counted as (
    select
        customer_tier,
        count(*) as total_cases,
        count(is_closed) as known_cases,
        count(case when is_closed then 1 end) as closed_cases,
        count(resolution_seconds) as timed_cases,
        cast(sum(resolution_seconds) as double) / 3600 as resolution_hours
    from cases
    group by customer_tier
)

select
    customer_tier,
    total_cases,
    known_cases,
    closed_cases,
    cast((2000 * (closed_cases) + known_cases) div (2 * nullif(known_cases, 0)) as double) / 10 as resolution_rate_pct,
    timed_cases,
    round(100 * resolution_hours) / 100 as resolution_hours,
    round(10 * cast(resolution_hours as double) / nullif(timed_cases, 0)) / 10 as average_resolution_hours
from counted;
