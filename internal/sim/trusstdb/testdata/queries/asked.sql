-- The contacts behind $2 that have an inference of question $1.
select distinct
  contact_id
from inferences
where question_id = $1
  and contact_id > $2
order by contact_id
limit $3
