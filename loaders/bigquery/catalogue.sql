select
    table_name,
    column_name,
    lower(data_type) as kind,
    coalesce(description, '') as about
from information_schema.column_field_paths
where column_name = field_path
union all
select
    table_name,
    '',
    '',
    option_value
from information_schema.table_options
where option_name = 'description'
