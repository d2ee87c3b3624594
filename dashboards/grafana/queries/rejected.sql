select count(*) as value
from {{schema}}.etl_rejects
where $__timeFilter(seen_at)
