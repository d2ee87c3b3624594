-- Generated. Table wrapup_codes: DDL and merge.
create table if not exists "wrapup_codes" (
    "wrapup_code_id" text collate "C" not null,
    "name" text collate "C",
    "division_id" text collate "C",
    "is_listed" boolean not null,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "wrapup_codes" add primary key ("wrapup_code_id");

comment on table "wrapup_codes" is 'A Genesys Cloud wrap-up code. The system''s own codes (ININ-WRAP-UP-TIMEOUT …) are never listed.';
comment on column "wrapup_codes"."wrapup_code_id" is 'Genesys Cloud wrap-up code id.';
comment on column "wrapup_codes"."name" is 'Name.';
comment on column "wrapup_codes"."division_id" is 'Division.';
comment on column "wrapup_codes"."is_listed" is 'Whether the source still lists the code.';
comment on column "wrapup_codes"."source_run" is 'The run that made this version of the row.';
comment on column "wrapup_codes"."observed_at" is 'When the source was asked.';
comment on column "wrapup_codes"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "wrapup_codes"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "wrapup_code_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "wrapup_code_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
)
select
    received."wrapup_code_id",
    received.batch_file,
    received.batch_row,
    case
        when present."wrapup_code_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "wrapup_codes" as present
    on present."wrapup_code_id" = received."wrapup_code_id"
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
insert into "wrapup_codes" (
    "wrapup_code_id",
    "name",
    "division_id",
    "is_listed",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."wrapup_code_id",
    batch."name",
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
on conflict ("wrapup_code_id") do update set
    "name" = excluded."name",
    "division_id" = excluded."division_id",
    "is_listed" = excluded."is_listed",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
