select
    started_at,
    run_id,
    step,
    status,
    {{seconds "started_at" "ended_at"}} as seconds,
    rows_in,
    rows_out,
    rows_rejected,
    api_calls,
    api_retries,
    throttled_ms,
    code_version
from {{schema}}.etl_runs
where $__timeFilter(started_at)
order by
    started_at desc,
    step
