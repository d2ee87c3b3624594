-- Generated. Table flows: DDL and merge.
create table if not exists "flows" (
    "flow_id" varchar(100) not null,
    "name" varchar(255),
    "flow_type" varchar(50),
    "division_id" varchar(100),
    "is_listed" boolean not null,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "etl_loaded_at" timestamp,
    primary key ("flow_id")
)
diststyle all compound sortkey("flow_id");

comment on table "flows" is 'A Genesys Cloud flow: a menu, a bot, a workflow.';
comment on column "flows"."flow_id" is 'Genesys Cloud flow id.';
comment on column "flows"."name" is 'Name today; the name when it ran is in sessions.';
comment on column "flows"."flow_type" is 'Kind of flow.';
comment on column "flows"."division_id" is 'Division.';
comment on column "flows"."is_listed" is 'Whether the source still lists it.';
comment on column "flows"."source_run" is 'The run that made this version of the row.';
comment on column "flows"."observed_at" is 'When the source was asked.';
comment on column "flows"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "flows"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "flow_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "flow_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."flow_id",
    received.batch_file,
    received.batch_row,
    case
        when present."flow_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "flows" as present
    on present."flow_id" = received."flow_id"
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
delete from "flows"
using merge_plan
where "flows"."flow_id" = merge_plan."flow_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "flows" (
    "flow_id",
    "name",
    "flow_type",
    "division_id",
    "is_listed",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."flow_id",
    batch."name",
    batch."flow_type",
    batch."division_id",
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
