-- Generated. Rows whose crm_id_status is none of ok, missing, malformed, unknown_account, merged.
select
    'unified_interactions.crm_id_status' as scope,
    cast(count(*) as double precision) as observed,
    cast(0 as double precision) as threshold
from unified_interactions
where crm_id_status is null
    or crm_id_status not in ('ok', 'missing', 'malformed', 'unknown_account', 'merged');
