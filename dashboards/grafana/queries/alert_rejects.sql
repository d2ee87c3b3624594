select
    step,
    cast(sum(rows_rejected) as {{realType}}) / sum(rows_in) as value
from {{schema}}.etl_runs
where $__timeFilter(ended_at)
    and rows_in > 0
    and rows_rejected is not null
group by step
