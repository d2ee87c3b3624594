select
  stream_id
from streams
order by stream_id
