-- The keys of changed inferences from $1 to before $3, of all stages and questions, behind ($1, $2). Each branch has an index of its
-- own to walk (updated_at, created_at), and the keyset inside: more rows than a page may have one and the same time.
select
  u.changed_at,
  u.inference_id,
  u.contact_id
from (
  (
    select
      i.updated_at as changed_at,
      i.inference_id,
      i.contact_id
    from inferences i
    where i.updated_at >= i.created_at
      and i.updated_at >= $1
      and i.updated_at < $3
      and (i.updated_at, i.inference_id) > ($1, $2)
    order by i.updated_at, i.inference_id
    limit $4
  )
  union all
  (
    select
      i.created_at,
      i.inference_id,
      i.contact_id
    from inferences i
    where (i.updated_at is null or i.updated_at < i.created_at)
      and i.created_at >= $1
      and i.created_at < $3
      and (i.created_at, i.inference_id) > ($1, $2)
    order by i.created_at, i.inference_id
    limit $4
  )
) u
order by u.changed_at, u.inference_id
limit $4
