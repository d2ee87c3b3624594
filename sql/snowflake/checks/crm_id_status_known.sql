-- Generated. Rows whose crm_id_status is none of ok, missing, malformed, unknown_account, merged.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
select
    'unified_interactions.crm_id_status' as scope,
    cast(count(*) as double) as observed,
    cast(0 as double) as threshold
from unified_interactions
where crm_id_status is null
    or crm_id_status not in ('ok', 'missing', 'malformed', 'unknown_account', 'merged');
