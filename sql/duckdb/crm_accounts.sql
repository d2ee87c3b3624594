-- Generated. Table crm_accounts: DDL and merge.
create table if not exists "crm_accounts" (
    "account_id" varchar not null,
    "name" varchar,
    "type" varchar,
    "industry" varchar,
    "customer_tier" varchar,
    "owner_id" varchar,
    "owner_name" varchar,
    "annual_revenue" double,
    "ltv_usd" double,
    "parent_id" varchar,
    "master_account_id" varchar,
    "is_deleted" boolean not null,
    "created_at" timestamp,
    "modified_at" timestamp,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "first_seen_at" timestamp,
    "etl_loaded_at" timestamp,
    "children_hash" varchar
);

comment on table "crm_accounts" is 'A Salesforce account as it is now. A merged account is deleted and names its winner.';
comment on column "crm_accounts"."account_id" is 'Salesforce id, 18 characters.';
comment on column "crm_accounts"."name" is 'Account name.';
comment on column "crm_accounts"."type" is 'Account type (Customer, Prospect …).';
comment on column "crm_accounts"."industry" is 'Industry.';
comment on column "crm_accounts"."customer_tier" is 'Tier, from the configured custom field.';
comment on column "crm_accounts"."owner_id" is 'Salesforce id of the owner.';
comment on column "crm_accounts"."owner_name" is 'Name of the owner.';
comment on column "crm_accounts"."annual_revenue" is 'Annual revenue as recorded in the CRM.';
comment on column "crm_accounts"."ltv_usd" is 'Lifetime value in US dollars, from the configured custom field.';
comment on column "crm_accounts"."parent_id" is 'Parent account.';
comment on column "crm_accounts"."master_account_id" is 'The account that this one was merged into; follow it until it is NULL.';
comment on column "crm_accounts"."is_deleted" is 'Whether the account is deleted (or lost a merge).';
comment on column "crm_accounts"."created_at" is 'When the account was created.';
comment on column "crm_accounts"."modified_at" is 'When the account last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_accounts"."source_run" is 'The run that made this version of the row.';
comment on column "crm_accounts"."observed_at" is 'When the source was asked.';
comment on column "crm_accounts"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_accounts"."first_seen_at" is 'When the key was first written to the warehouse.';
comment on column "crm_accounts"."etl_loaded_at" is 'When this version was written to the warehouse.';
comment on column "crm_accounts"."children_hash" is 'Hash of the account''s versions.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "account_id",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "account_id" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."account_id",
    received.batch_file,
    received.batch_row,
    received."observed_at",
    present."first_seen_at",
    case
        when present."account_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "crm_accounts" as present
    on present."account_id" = received."account_id"
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
delete from "crm_accounts"
using merge_plan
where "crm_accounts"."account_id" = merge_plan."account_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "crm_accounts" (
    "account_id",
    "name",
    "type",
    "industry",
    "customer_tier",
    "owner_id",
    "owner_name",
    "annual_revenue",
    "ltv_usd",
    "parent_id",
    "master_account_id",
    "is_deleted",
    "created_at",
    "modified_at",
    "source_run",
    "observed_at",
    "row_hash",
    "first_seen_at",
    "etl_loaded_at",
    "children_hash"
)
select
    batch."account_id",
    batch."name",
    batch."type",
    batch."industry",
    batch."customer_tier",
    batch."owner_id",
    batch."owner_name",
    batch."annual_revenue",
    batch."ltv_usd",
    batch."parent_id",
    batch."master_account_id",
    batch."is_deleted",
    batch."created_at",
    batch."modified_at",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    coalesce(merge_plan."first_seen_at", getvariable('loaded_at')),
    getvariable('loaded_at'),
    batch."children_hash"
from read_parquet(getvariable('files'), union_by_name = true) as batch
join merge_plan
    on batch.file_index = merge_plan.batch_file
    and batch.file_row_number = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- crm_account_versions: received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- crm_account_versions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from read_parquet(getvariable('files'), union_by_name = true) as batch
left join merge_plan
    on merge_plan."account_id" = batch."account_id";

-- crm_account_versions: delete
delete from "crm_account_versions"
using merge_plan
where merge_plan."account_id" = "crm_account_versions"."account_id"
    and merge_plan.action in ('update', 'settle');

-- crm_account_versions: insert
insert into "crm_account_versions" (
    "account_id",
    "valid_from",
    "valid_to",
    "customer_tier",
    "industry",
    "owner_name",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."account_id",
    batch."valid_from",
    batch."valid_to",
    batch."customer_tier",
    batch."industry",
    batch."owner_name",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    getvariable('loaded_at')
from read_parquet(getvariable('files'), union_by_name = true) as batch
join merge_plan
    on merge_plan."account_id" = batch."account_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
