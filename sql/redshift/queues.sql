-- Generated. Table queues: DDL and merge.
create table if not exists "queues" (
    "queue_id" varchar(100) not null,
    "name" varchar(255),
    "division_id" varchar(100),
    "sla_share" double precision,
    "sla_target_ms" bigint,
    "is_listed" boolean not null,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "etl_loaded_at" timestamp,
    primary key ("queue_id")
)
diststyle all compound sortkey("queue_id");

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
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "queue_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "queue_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
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
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
