select
    source,
    newest_business_date,
    last_observed_at,
    last_loaded_at,
    row_count,
    open_rows,
    provisional_rows,
    last_run
from {{schema}}.data_freshness
where source not like 'view/%'
order by source
