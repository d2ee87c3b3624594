-- Generated. Table flows: DDL and merge.
create table if not exists "flows" (
    "flow_id" text collate "C" not null,
    "name" text collate "C",
    "flow_type" text collate "C",
    "division_id" text collate "C",
    "is_listed" boolean not null,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "flows" add primary key ("flow_id");

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
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "flow_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "flow_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
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
    (select cast(current_setting('trunkline.loaded_at') as timestamp))
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("flow_id") do update set
    "name" = excluded."name",
    "flow_type" = excluded."flow_type",
    "division_id" = excluded."division_id",
    "is_listed" = excluded."is_listed",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
