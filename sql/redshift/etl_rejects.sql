-- Generated. Table etl_rejects: DDL and merge.
create table if not exists "etl_rejects" (
    "run_id" varchar(100) not null,
    "source" varchar(50) not null,
    "entity" varchar(50) not null,
    "natural_key" varchar(255) not null,
    "reason_code" varchar(50) not null,
    "message" varchar(2000) not null,
    "payload_ref" varchar(500) not null,
    "seen_at" timestamp not null,
    "resolved_at" timestamp,
    primary key ("run_id", "source", "entity", "natural_key")
)
diststyle all compound sortkey("run_id", "source", "entity", "natural_key");

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
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "run_id",
        "source",
        "entity",
        "natural_key",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "run_id", "source", "entity", "natural_key" order by batch_file desc, batch_row desc) as version
    from trunkline_batch
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

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- delete
delete from "etl_rejects"
using merge_plan
where "etl_rejects"."run_id" = merge_plan."run_id"
    and "etl_rejects"."source" = merge_plan."source"
    and "etl_rejects"."entity" = merge_plan."entity"
    and "etl_rejects"."natural_key" = merge_plan."natural_key"
    and merge_plan.action in ('update', 'settle');

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
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
