-- Generated. Table crm_cases: DDL and merge.
create table if not exists "crm_cases" (
    "case_id" text collate "C" not null,
    "account_id" text collate "C",
    "category" text collate "C",
    "status" text collate "C",
    "priority" text collate "C",
    "is_closed" boolean,
    "is_deleted" boolean not null,
    "created_at" timestamp,
    "closed_at" timestamp,
    "modified_at" timestamp,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "crm_cases" add primary key ("case_id");

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
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "case_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "case_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
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
    (select cast(current_setting('trunkline.loaded_at') as timestamp))
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("case_id") do update set
    "account_id" = excluded."account_id",
    "category" = excluded."category",
    "status" = excluded."status",
    "priority" = excluded."priority",
    "is_closed" = excluded."is_closed",
    "is_deleted" = excluded."is_deleted",
    "created_at" = excluded."created_at",
    "closed_at" = excluded."closed_at",
    "modified_at" = excluded."modified_at",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
