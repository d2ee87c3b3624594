-- Generated. Table kpi_settings: DDL and merge.
create table if not exists "kpi_settings" (
    "name" text collate "C" not null,
    "value" text collate "C" not null,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "kpi_settings" add primary key ("name");

comment on table "kpi_settings" is 'One of the organisation''s switches of how figures are counted. Views look here, so that what they show and how it was counted are never apart; a setting that is not here has its default.';
comment on column "kpi_settings"."name" is 'The setting: count_abandons, short_abandons or repeat_days.';
comment on column "kpi_settings"."value" is 'Its value, as text.';
comment on column "kpi_settings"."source_run" is 'The run that made this version of the row.';
comment on column "kpi_settings"."observed_at" is 'When the source was asked.';
comment on column "kpi_settings"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "kpi_settings"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "name",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "name" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
)
select
    received."name",
    received.batch_file,
    received.batch_row,
    case
        when present."name" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "kpi_settings" as present
    on present."name" = received."name"
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
insert into "kpi_settings" (
    "name",
    "value",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."name",
    batch."value",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    (select cast(current_setting('trunkline.loaded_at') as timestamp))
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("name") do update set
    "value" = excluded."value",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
