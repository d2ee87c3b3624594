-- Generated. Table crm_account_versions: DDL and merge.
create table if not exists "crm_account_versions" (
    "account_id" varchar not null,
    "valid_from" timestamp not null,
    "valid_to" timestamp,
    "customer_tier" varchar,
    "industry" varchar,
    "owner_name" varchar,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "crm_account_versions" is 'AccountVersion is what was true of an account during [valid_from, valid_to). A version begins at the SystemModstamp with which it was first seen, so a tier is never claimed for a time that nobody can vouch for.';
comment on column "crm_account_versions"."account_id" is 'Salesforce id, 18 characters.';
comment on column "crm_account_versions"."valid_from" is 'From when, by the CRM''s clock.';
comment on column "crm_account_versions"."valid_to" is 'Until when; NULL while it is true.';
comment on column "crm_account_versions"."customer_tier" is 'Tier during that time.';
comment on column "crm_account_versions"."industry" is 'Industry during that time.';
comment on column "crm_account_versions"."owner_name" is 'Owner during that time.';
comment on column "crm_account_versions"."source_run" is 'The run that made this version of the row.';
comment on column "crm_account_versions"."observed_at" is 'When the source was asked.';
comment on column "crm_account_versions"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_account_versions"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "account_id",
        "valid_from",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "account_id", "valid_from" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."account_id",
    received."valid_from",
    received.batch_file,
    received.batch_row,
    case
        when present."account_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "crm_account_versions" as present
    on present."account_id" = received."account_id"
    and present."valid_from" = received."valid_from"
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
delete from "crm_account_versions"
using merge_plan
where "crm_account_versions"."account_id" = merge_plan."account_id"
    and "crm_account_versions"."valid_from" = merge_plan."valid_from"
    and merge_plan.action in ('update', 'settle');

-- insert
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
    on batch.file_index = merge_plan.batch_file
    and batch.file_row_number = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
