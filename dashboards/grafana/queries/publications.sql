select
    view_name,
    state,
    run_id,
    published_at,
    reason
from {{schema}}.etl_publications
order by
    state desc,
    view_name
