-- The contacts behind $1 that no range of start times holds.
select
  contact_id
from contacts
where (start_time is null or not isfinite(start_time))
  and contact_id > $1
order by contact_id
limit $2
