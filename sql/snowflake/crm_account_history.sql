-- Generated. Table crm_account_history: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "CRM_ACCOUNT_HISTORY" (
    "HISTORY_ID" varchar not null comment 'Salesforce id of the change, 18 characters.',
    "ACCOUNT_ID" varchar comment 'The account that changed.',
    "CHANGED_AT" timestamp_ntz comment 'When it changed, by the CRM''s clock.',
    "FIELD" varchar comment 'API name of the field, as the history has it: Account_Tier__c, Industry, Owner (once with names, once with ids).',
    "OLD_VALUE" varchar comment 'What the field was until then; NULL if it was empty.',
    "NEW_VALUE" varchar comment 'What it has been since; NULL if it is empty.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("HISTORY_ID")
)
comment = 'One change of an account''s tier, industry or owner, from the CRM''s own history.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "HISTORY_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "HISTORY_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."HISTORY_ID",
    received.batch_file,
    received.batch_row,
    case
        when present."HISTORY_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "CRM_ACCOUNT_HISTORY" as present
    on present."HISTORY_ID" = received."HISTORY_ID"
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
delete from "CRM_ACCOUNT_HISTORY"
using merge_plan
where "CRM_ACCOUNT_HISTORY"."HISTORY_ID" = merge_plan."HISTORY_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "CRM_ACCOUNT_HISTORY" (
    "HISTORY_ID",
    "ACCOUNT_ID",
    "CHANGED_AT",
    "FIELD",
    "OLD_VALUE",
    "NEW_VALUE",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."HISTORY_ID",
    batch."ACCOUNT_ID",
    batch."CHANGED_AT",
    batch."FIELD",
    batch."OLD_VALUE",
    batch."NEW_VALUE",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
