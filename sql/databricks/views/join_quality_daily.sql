-- Generated. Join quality by day, medium and queue.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create or replace view `join_quality_daily` as
with counted as (
    select
        business_date,
        media_type,
        queue_id,
        queue_name,
        count(*) as total_contacts,
        count(case when crm_id_status = 'missing' then 1 end) as no_id,
        count(case when crm_id_status = 'malformed' then 1 end) as malformed,
        count(case when crm_id_status = 'unknown_account' then 1 end) as orphan,
        count(case when crm_id_status = 'merged' then 1 end) as merged,
        count(case when crm_id_status = 'ok' then 1 end) as matched
    from unified_interactions
    group by
        business_date,
        media_type,
        queue_id,
        queue_name
)

select
    business_date,
    media_type,
    queue_id,
    queue_name,
    total_contacts,
    no_id,
    malformed,
    orphan,
    merged,
    matched,
    cast((2000 * (matched + merged) + total_contacts) div (2 * nullif(total_contacts, 0)) as double) / 10 as identified_pct,
    cast((2000 * (no_id + malformed + orphan) + total_contacts) div (2 * nullif(total_contacts, 0)) as double) / 10 as unidentified_pct
from counted;
