-- The contacts of $1 as they are, in one snapshot: the stage is told and not filtered by, of several answers to a question the latest,
-- of several S3 rows the latest and how many there are. One row an answer; a contact without one has one row.
select
  c.contact_id,
  c.stream_id,
  t.name,
  t.stream_type,
  c.external_id,
  c.start_time,
  c.direction,
  c.current_stage,
  c.agent_id,
  c.created_at,
  s.conversation_id,
  s.conn_id,
  s.agent_id as s3_agent_id,
  s.call_time,
  s.s3_rows,
  a.inference_id,
  a.question_id,
  a.key,
  a."group",
  a.result_type,
  a.result,
  a.created_at as answered_at,
  a.updated_at
from contacts c
left join streams t on t.stream_id = c.stream_id
left join lateral (
  select
    x.conversation_id,
    x.conn_id,
    x.agent_id,
    x.call_time,
    count(*) over () as s3_rows
  from s3_conversations x
  where x.contact_id = c.contact_id
  order by x.call_time desc nulls last, x.conversation_id
  limit 1
) s on true
left join lateral (
  select distinct on (i.question_id)
    i.inference_id,
    i.question_id,
    q.key,
    q."group",
    q.result_type,
    i.result,
    i.created_at,
    i.updated_at
  from inferences i
  join questions q on q.question_id = i.question_id and q.is_universal
  where i.contact_id = c.contact_id
  order by i.question_id, greatest(i.updated_at, i.created_at) desc, i.inference_id desc
) a on true
where c.contact_id = any($1)
order by c.contact_id
