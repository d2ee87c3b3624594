select
  table_name::text,
  column_name::text,
  data_type::text
from information_schema.columns
where table_schema = current_schema()
  and table_name in ('questions', 'inferences', 'contacts', 's3_conversations', 'streams')
order by table_name, ordinal_position
