-- A fingerprint of everything that hydrate.sql reads, of each contact made since $1, behind $2: it sees what no time tells of (stages,
-- late S3 rows, deleted answers, questions that became universal).
select
  c.contact_id,
  md5(
    row(
      c.stream_id,
      t.name,
      t.stream_type,
      c.external_id,
      c.start_time,
      c.direction,
      c.current_stage,
      c.agent_id,
      c.created_at
    )::text
    || chr(29) || coalesce(a.answers, '')
    || chr(29) || coalesce(s.s3, '')
  ) as fingerprint
from (
  select *
  from contacts
  where created_at >= $1
    and contact_id > $2
  order by contact_id
  limit $3
) c
left join streams t on t.stream_id = c.stream_id
left join lateral (
  select
    string_agg(
      row(i.inference_id, i.question_id, q.key, q."group", q.result_type, i.result, i.created_at, i.updated_at)::text,
      chr(30) order by i.inference_id
    ) as answers
  from inferences i
  join questions q on q.question_id = i.question_id and q.is_universal
  where i.contact_id = c.contact_id
) a on true
left join lateral (
  select
    string_agg(row(x.conversation_id, x.conn_id, x.agent_id, x.call_time)::text, chr(30) order by x.conversation_id) as s3
  from s3_conversations x
  where x.contact_id = c.contact_id
) s on true
order by c.contact_id
