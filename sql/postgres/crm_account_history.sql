-- Generated. Table crm_account_history: DDL and merge.
create table if not exists "crm_account_history" (
    "history_id" text collate "C" not null,
    "account_id" text collate "C",
    "changed_at" timestamp,
    "field" text collate "C",
    "old_value" text collate "C",
    "new_value" text collate "C",
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "crm_account_history" add primary key ("history_id");

comment on table "crm_account_history" is 'One change of an account''s tier, industry or owner, from the CRM''s own history.';
comment on column "crm_account_history"."history_id" is 'Salesforce id of the change, 18 characters.';
comment on column "crm_account_history"."account_id" is 'The account that changed.';
comment on column "crm_account_history"."changed_at" is 'When it changed, by the CRM''s clock.';
comment on column "crm_account_history"."field" is 'API name of the field, as the history has it: Account_Tier__c, Industry, Owner (once with names, once with ids).';
comment on column "crm_account_history"."old_value" is 'What the field was until then; NULL if it was empty.';
comment on column "crm_account_history"."new_value" is 'What it has been since; NULL if it is empty.';
comment on column "crm_account_history"."source_run" is 'The run that made this version of the row.';
comment on column "crm_account_history"."observed_at" is 'When the source was asked.';
comment on column "crm_account_history"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_account_history"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "history_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "history_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
)
select
    received."history_id",
    received.batch_file,
    received.batch_row,
    case
        when present."history_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "crm_account_history" as present
    on present."history_id" = received."history_id"
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
insert into "crm_account_history" (
    "history_id",
    "account_id",
    "changed_at",
    "field",
    "old_value",
    "new_value",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."history_id",
    batch."account_id",
    batch."changed_at",
    batch."field",
    batch."old_value",
    batch."new_value",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    (select cast(current_setting('trunkline.loaded_at') as timestamp))
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("history_id") do update set
    "account_id" = excluded."account_id",
    "changed_at" = excluded."changed_at",
    "field" = excluded."field",
    "old_value" = excluded."old_value",
    "new_value" = excluded."new_value",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
