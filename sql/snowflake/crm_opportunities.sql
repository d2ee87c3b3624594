-- Generated. Table crm_opportunities: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "CRM_OPPORTUNITIES" (
    "OPPORTUNITY_ID" varchar not null comment 'Salesforce id, 18 characters.',
    "ACCOUNT_ID" varchar comment 'The opportunity''s account.',
    "STAGE" varchar comment 'Stage, as the organisation names it.',
    "AMOUNT" double comment 'Amount in the organisation''s currency.',
    "IS_CLOSED" boolean comment 'Whether it is closed; NULL if the CRM did not say.',
    "IS_WON" boolean comment 'Whether it was won.',
    "IS_DELETED" boolean not null comment 'Whether it is deleted.',
    "CREATED_AT" timestamp_ntz comment 'When it was created.',
    "MODIFIED_AT" timestamp_ntz comment 'When it last changed, by the CRM''s clock (SystemModstamp).',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("OPPORTUNITY_ID")
)
comment = 'A Salesforce opportunity as it is now.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "OPPORTUNITY_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "OPPORTUNITY_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."OPPORTUNITY_ID",
    received.batch_file,
    received.batch_row,
    case
        when present."OPPORTUNITY_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "CRM_OPPORTUNITIES" as present
    on present."OPPORTUNITY_ID" = received."OPPORTUNITY_ID"
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
delete from "CRM_OPPORTUNITIES"
using merge_plan
where "CRM_OPPORTUNITIES"."OPPORTUNITY_ID" = merge_plan."OPPORTUNITY_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "CRM_OPPORTUNITIES" (
    "OPPORTUNITY_ID",
    "ACCOUNT_ID",
    "STAGE",
    "AMOUNT",
    "IS_CLOSED",
    "IS_WON",
    "IS_DELETED",
    "CREATED_AT",
    "MODIFIED_AT",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."OPPORTUNITY_ID",
    batch."ACCOUNT_ID",
    batch."STAGE",
    batch."AMOUNT",
    batch."IS_CLOSED",
    batch."IS_WON",
    batch."IS_DELETED",
    batch."CREATED_AT",
    batch."MODIFIED_AT",
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
