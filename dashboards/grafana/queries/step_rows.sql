select
    started_at as time,
    step,
    cast(rows_out as {{realType}}) as written
from {{schema}}.etl_runs
where $__timeFilter(started_at)
    and rows_out is not null
order by
    time,
    step
