select count(*) as value
from {{schema}}.etl_publications
where $__timeFilter(published_at)
