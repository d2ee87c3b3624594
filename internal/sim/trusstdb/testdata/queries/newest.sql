-- The newest change before $1.
select
  greatest(
    (select max(updated_at) from inferences where updated_at < $1),
    (select max(created_at) from inferences where created_at < $1)
  )
