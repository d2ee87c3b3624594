select
    'unified_interactions' as scope,
    {{hours "max(observed_at)" (parameter "checked_at")}} as observed,
    cast(36 as {{realType}}) as threshold
from unified_interactions
