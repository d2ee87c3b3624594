-- Generated. Table crm_cases: DDL and merge.
create table if not exists "crm_cases" (
    "case_id" varchar not null,
    "account_id" varchar,
    "category" varchar,
    "status" varchar,
    "priority" varchar,
    "is_closed" boolean,
    "is_deleted" boolean not null,
    "created_at" timestamp,
    "closed_at" timestamp,
    "modified_at" timestamp,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "crm_cases" is 'A Salesforce case as it is now.';
comment on column "crm_cases"."case_id" is 'Salesforce id, 18 characters.';
comment on column "crm_cases"."account_id" is 'The case''s account.';
comment on column "crm_cases"."category" is 'Category, from the configured field.';
comment on column "crm_cases"."status" is 'Status, as the organisation names it.';
comment on column "crm_cases"."priority" is 'Priority.';
comment on column "crm_cases"."is_closed" is 'Whether it is closed; NULL if the CRM did not say.';
comment on column "crm_cases"."is_deleted" is 'Whether it is deleted.';
comment on column "crm_cases"."created_at" is 'When it was created.';
comment on column "crm_cases"."closed_at" is 'When it was closed.';
comment on column "crm_cases"."modified_at" is 'When it last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_cases"."source_run" is 'The run that made this version of the row.';
comment on column "crm_cases"."observed_at" is 'When the source was asked.';
comment on column "crm_cases"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_cases"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "case_id",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "case_id" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."case_id",
    received.batch_file,
    received.batch_row,
    case
        when present."case_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "crm_cases" as present
    on present."case_id" = received."case_id"
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
delete from "crm_cases"
using merge_plan
where "crm_cases"."case_id" = merge_plan."case_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "crm_cases" (
    "case_id",
    "account_id",
    "category",
    "status",
    "priority",
    "is_closed",
    "is_deleted",
    "created_at",
    "closed_at",
    "modified_at",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."case_id",
    batch."account_id",
    batch."category",
    batch."status",
    batch."priority",
    batch."is_closed",
    batch."is_deleted",
    batch."created_at",
    batch."closed_at",
    batch."modified_at",
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
