select
    'unified_interactions.crm_id_status' as scope,
    cast(count(*) as {{realType}}) as observed,
    cast(0 as {{realType}}) as threshold
from unified_interactions
where crm_id_status is null
    or crm_id_status not in ('ok', 'missing', 'malformed', 'unknown_account', 'merged')
