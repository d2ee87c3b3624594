-- Generated. Table crm_users: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "CRM_USERS" (
    "USER_ID" varchar not null comment 'Salesforce id, 18 characters.',
    "NAME" varchar comment 'Full name.',
    "IS_ACTIVE" boolean comment 'Whether the user is active.',
    "IS_DELETED" boolean not null comment 'Whether it is deleted.',
    "MODIFIED_AT" timestamp_ntz comment 'When it last changed, by the CRM''s clock (SystemModstamp).',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("USER_ID")
)
comment = 'A Salesforce user as it is now: the owners of accounts.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "USER_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "USER_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."USER_ID",
    received.batch_file,
    received.batch_row,
    case
        when present."USER_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "CRM_USERS" as present
    on present."USER_ID" = received."USER_ID"
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
delete from "CRM_USERS"
using merge_plan
where "CRM_USERS"."USER_ID" = merge_plan."USER_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "CRM_USERS" (
    "USER_ID",
    "NAME",
    "IS_ACTIVE",
    "IS_DELETED",
    "MODIFIED_AT",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."USER_ID",
    batch."NAME",
    batch."IS_ACTIVE",
    batch."IS_DELETED",
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
