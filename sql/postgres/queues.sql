-- Generated. Table queues: DDL and merge.
create table if not exists "queues" (
    "queue_id" text collate "C" not null,
    "name" text collate "C",
    "division_id" text collate "C",
    "sla_share" double precision,
    "sla_target_ms" bigint,
    "is_listed" boolean not null,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "queues" add primary key ("queue_id");

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
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "queue_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "queue_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
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
    (select cast(current_setting('trunkline.loaded_at') as timestamp))
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("queue_id") do update set
    "name" = excluded."name",
    "division_id" = excluded."division_id",
    "sla_share" = excluded."sla_share",
    "sla_target_ms" = excluded."sla_target_ms",
    "is_listed" = excluded."is_listed",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
