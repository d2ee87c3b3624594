-- Generated. Table queues: DDL and merge.
create table if not exists "queues" (
    "queue_id" varchar not null,
    "name" varchar,
    "division_id" varchar,
    "sla_share" double,
    "sla_target_ms" bigint,
    "is_listed" boolean not null,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "queues" is 'A Genesys Cloud queue.';
comment on column "queues"."queue_id" is 'Genesys Cloud queue id.';
comment on column "queues"."name" is 'Name.';
comment on column "queues"."division_id" is 'Division.';
comment on column "queues"."sla_share" is 'Service-level target of voice: the share of contacts (0–1) to be answered in time.';
comment on column "queues"."sla_target_ms" is 'Service-level target of voice: what "in time" means, in ms.';
comment on column "queues"."is_listed" is 'Whether the source still lists the queue.';
comment on column "queues"."source_run" is 'The run that made this version of the row.';
comment on column "queues"."observed_at" is 'When the source was asked.';
comment on column "queues"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "queues"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "queue_id",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "queue_id" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."queue_id",
    received.batch_file,
    received.batch_row,
    case
        when present."queue_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "queues" as present
    on present."queue_id" = received."queue_id"
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
delete from "queues"
using merge_plan
where "queues"."queue_id" = merge_plan."queue_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "queues" (
    "queue_id",
    "name",
    "division_id",
    "sla_share",
    "sla_target_ms",
    "is_listed",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."queue_id",
    batch."name",
    batch."division_id",
    batch."sla_share",
    batch."sla_target_ms",
    batch."is_listed",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    getvariable('loaded_at')
from read_parquet(getvariable('files'), union_by_name = true) as batch
join merge_plan
    on batch.file_index = merge_plan.batch_file
    and batch.file_row_number = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
