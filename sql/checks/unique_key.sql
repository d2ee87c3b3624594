select
    '{{.Name}}' as scope,
    cast(count(*) as {{realType}}) as observed,
    cast(0 as {{realType}}) as threshold
from (
    select 1 as doubled
    from {{.Table}}
    group by {{.Keys}}
    having count(*) > 1
) as doubled_keys
