-- Generated. Table flows: DDL and merge.
create table if not exists "flows" (
    "flow_id" varchar not null,
    "name" varchar,
    "flow_type" varchar,
    "division_id" varchar,
    "is_listed" boolean not null,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

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
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "flow_id",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "flow_id" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
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
    getvariable('loaded_at')
from read_parquet(getvariable('files'), union_by_name = true) as batch
join merge_plan
    on batch.file_index = merge_plan.batch_file
    and batch.file_row_number = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
