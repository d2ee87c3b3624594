-- Generated. Table etl_rejects: DDL and merge.
create table if not exists "etl_rejects" (
    "run_id" text collate "C" not null,
    "source" text collate "C" not null,
    "entity" text collate "C" not null,
    "natural_key" text collate "C" not null,
    "reason_code" text collate "C" not null,
    "message" text collate "C" not null,
    "payload_ref" text collate "C" not null,
    "seen_at" timestamp not null,
    "resolved_at" timestamp
);

alter table "etl_rejects" add primary key ("run_id", "source", "entity", "natural_key");

comment on table "etl_rejects" is 'A record that could not become a row, with its reason. Its payload stays in the run folder.';
comment on column "etl_rejects"."run_id" is 'The run that met it.';
comment on column "etl_rejects"."source" is 'Extractor, for example genesys.';
comment on column "etl_rejects"."entity" is 'Stream, for example conversations.';
comment on column "etl_rejects"."natural_key" is 'The record''s key in its stream; where it had none, the hash of its payload.';
comment on column "etl_rejects"."reason_code" is 'Machine-readable reason: missing_id, bad_date, wrong_type, bad_json …';
comment on column "etl_rejects"."message" is 'What was wrong: field, value and what would have been right.';
comment on column "etl_rejects"."payload_ref" is 'Where the payload is: file and line in the run store.';
comment on column "etl_rejects"."seen_at" is 'When it was met: the time at which the source was asked.';
comment on column "etl_rejects"."resolved_at" is 'When its run''s transform was done again and no longer rejected it; NULL while it is open.';

-- received
select count(*)
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "run_id",
        "source",
        "entity",
        "natural_key",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "run_id", "source", "entity", "natural_key" order by batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
)
select
    received."run_id",
    received."source",
    received."entity",
    received."natural_key",
    received.batch_file,
    received.batch_row,
    case
        when present."run_id" is null then 'insert'
        else 'update'
    end as action
from received
left join "etl_rejects" as present
    on present."run_id" = received."run_id"
    and present."source" = received."source"
    and present."entity" = received."entity"
    and present."natural_key" = received."natural_key"
where received.version = 1;

-- analyze
analyze merge_plan;

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- insert
insert into "etl_rejects" (
    "run_id",
    "source",
    "entity",
    "natural_key",
    "reason_code",
    "message",
    "payload_ref",
    "seen_at",
    "resolved_at"
)
select
    batch."run_id",
    batch."source",
    batch."entity",
    batch."natural_key",
    batch."reason_code",
    batch."message",
    batch."payload_ref",
    batch."seen_at",
    batch."resolved_at"
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("run_id", "source", "entity", "natural_key") do update set
    "reason_code" = excluded."reason_code",
    "message" = excluded."message",
    "payload_ref" = excluded."payload_ref",
    "seen_at" = excluded."seen_at",
    "resolved_at" = excluded."resolved_at";

-- drop
drop table merge_plan;
