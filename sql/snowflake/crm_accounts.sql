-- Generated. Table crm_accounts: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "CRM_ACCOUNTS" (
    "ACCOUNT_ID" varchar not null comment 'Salesforce id, 18 characters.',
    "NAME" varchar comment 'Account name.',
    "TYPE" varchar comment 'Account type (Customer, Prospect …).',
    "INDUSTRY" varchar comment 'Industry.',
    "CUSTOMER_TIER" varchar comment 'Tier, from the configured custom field.',
    "OWNER_ID" varchar comment 'Salesforce id of the owner.',
    "OWNER_NAME" varchar comment 'Name of the owner.',
    "ANNUAL_REVENUE" double comment 'Annual revenue as recorded in the CRM.',
    "LTV_USD" double comment 'Lifetime value in US dollars, from the configured custom field.',
    "PARENT_ID" varchar comment 'Parent account.',
    "MASTER_ACCOUNT_ID" varchar comment 'The account that this one was merged into; follow it until it is NULL.',
    "IS_DELETED" boolean not null comment 'Whether the account is deleted (or lost a merge).',
    "CREATED_AT" timestamp_ntz comment 'When the account was created.',
    "MODIFIED_AT" timestamp_ntz comment 'When the account last changed, by the CRM''s clock (SystemModstamp).',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "FIRST_SEEN_AT" timestamp_ntz comment 'When the key was first written to the warehouse.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    "CHILDREN_HASH" varchar comment 'Hash of the account''s versions.',
    primary key ("ACCOUNT_ID")
)
comment = 'A Salesforce account as it is now. A merged account is deleted and names its winner.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "ACCOUNT_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "ACCOUNT_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."ACCOUNT_ID",
    received.batch_file,
    received.batch_row,
    received."OBSERVED_AT",
    present."FIRST_SEEN_AT",
    case
        when present."ACCOUNT_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "CRM_ACCOUNTS" as present
    on present."ACCOUNT_ID" = received."ACCOUNT_ID"
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
delete from "CRM_ACCOUNTS"
using merge_plan
where "CRM_ACCOUNTS"."ACCOUNT_ID" = merge_plan."ACCOUNT_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "CRM_ACCOUNTS" (
    "ACCOUNT_ID",
    "NAME",
    "TYPE",
    "INDUSTRY",
    "CUSTOMER_TIER",
    "OWNER_ID",
    "OWNER_NAME",
    "ANNUAL_REVENUE",
    "LTV_USD",
    "PARENT_ID",
    "MASTER_ACCOUNT_ID",
    "IS_DELETED",
    "CREATED_AT",
    "MODIFIED_AT",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "FIRST_SEEN_AT",
    "ETL_LOADED_AT",
    "CHILDREN_HASH"
)
select
    batch."ACCOUNT_ID",
    batch."NAME",
    batch."TYPE",
    batch."INDUSTRY",
    batch."CUSTOMER_TIER",
    batch."OWNER_ID",
    batch."OWNER_NAME",
    batch."ANNUAL_REVENUE",
    batch."LTV_USD",
    batch."PARENT_ID",
    batch."MASTER_ACCOUNT_ID",
    batch."IS_DELETED",
    batch."CREATED_AT",
    batch."MODIFIED_AT",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    coalesce(merge_plan."FIRST_SEEN_AT", cast($loaded_at as timestamp_ntz)),
    cast($loaded_at as timestamp_ntz),
    batch."CHILDREN_HASH"
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- crm_account_versions: received
select count(*)
from trunkline_batch;

-- crm_account_versions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."ACCOUNT_ID" = batch."ACCOUNT_ID";

-- crm_account_versions: delete
delete from "CRM_ACCOUNT_VERSIONS"
using merge_plan
where merge_plan."ACCOUNT_ID" = "CRM_ACCOUNT_VERSIONS"."ACCOUNT_ID"
    and merge_plan.action in ('update', 'settle');

-- crm_account_versions: insert
insert into "CRM_ACCOUNT_VERSIONS" (
    "ACCOUNT_ID",
    "VALID_FROM",
    "VALID_TO",
    "CUSTOMER_TIER",
    "INDUSTRY",
    "OWNER_NAME",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."ACCOUNT_ID",
    batch."VALID_FROM",
    batch."VALID_TO",
    batch."CUSTOMER_TIER",
    batch."INDUSTRY",
    batch."OWNER_NAME",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."ACCOUNT_ID" = batch."ACCOUNT_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
