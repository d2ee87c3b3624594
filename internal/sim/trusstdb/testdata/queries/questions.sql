select
  question_id,
  key,
  text,
  result_type,
  is_universal,
  is_scored,
  "group",
  created_at
from questions
where question_id > $1
order by question_id
limit $2
