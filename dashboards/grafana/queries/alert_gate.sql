select count(*) as value
from {{schema}}.etl_publications
where state <> 'current'
