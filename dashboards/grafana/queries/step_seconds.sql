select
    started_at as time,
    step,
    cast({{seconds "started_at" "ended_at"}} as {{realType}}) as seconds
from {{schema}}.etl_runs
where $__timeFilter(started_at)
order by
    time,
    step
