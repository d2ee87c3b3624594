select
    started_at as time,
    step,
    cast(api_calls as {{realType}}) as calls
from {{schema}}.etl_runs
where $__timeFilter(started_at)
    and api_calls > 0
order by
    time,
    step
