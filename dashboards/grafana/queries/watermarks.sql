select
    source,
    entity,
    watermark,
    observed_at,
    run_id
from {{schema}}.etl_watermarks
order by
    source,
    entity
