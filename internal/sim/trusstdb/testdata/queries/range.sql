-- The contacts of stream $1 that began from $2 to before $4, behind ($2, $3).
select
  start_time,
  contact_id
from contacts
where stream_id = $1
  and start_time >= $2
  and start_time < $4
  and (start_time, contact_id) > ($2, $3)
order by start_time, contact_id
limit $5
