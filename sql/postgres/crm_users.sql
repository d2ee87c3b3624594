-- Generated. Table crm_users: DDL and merge.
create table if not exists "crm_users" (
    "user_id" text collate "C" not null,
    "name" text collate "C",
    "is_active" boolean,
    "is_deleted" boolean not null,
    "modified_at" timestamp,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "crm_users" add primary key ("user_id");

comment on table "crm_users" is 'A Salesforce user as it is now: the owners of accounts.';
comment on column "crm_users"."user_id" is 'Salesforce id, 18 characters.';
comment on column "crm_users"."name" is 'Full name.';
comment on column "crm_users"."is_active" is 'Whether the user is active.';
comment on column "crm_users"."is_deleted" is 'Whether it is deleted.';
comment on column "crm_users"."modified_at" is 'When it last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_users"."source_run" is 'The run that made this version of the row.';
comment on column "crm_users"."observed_at" is 'When the source was asked.';
comment on column "crm_users"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_users"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "user_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "user_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
)
select
    received."user_id",
    received.batch_file,
    received.batch_row,
    case
        when present."user_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "crm_users" as present
    on present."user_id" = received."user_id"
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
insert into "crm_users" (
    "user_id",
    "name",
    "is_active",
    "is_deleted",
    "modified_at",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."user_id",
    batch."name",
    batch."is_active",
    batch."is_deleted",
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
on conflict ("user_id") do update set
    "name" = excluded."name",
    "is_active" = excluded."is_active",
    "is_deleted" = excluded."is_deleted",
    "modified_at" = excluded."modified_at",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
