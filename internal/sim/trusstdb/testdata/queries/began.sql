-- When the first contact of stream $1 began that began at $2 or later.
select
  min(start_time)
from contacts
where stream_id = $1
  and start_time >= $2
  and isfinite(start_time)
