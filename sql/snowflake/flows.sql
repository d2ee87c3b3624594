-- Generated. Table flows: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "FLOWS" (
    "FLOW_ID" varchar not null comment 'Genesys Cloud flow id.',
    "NAME" varchar comment 'Name today; the name when it ran is in sessions.',
    "FLOW_TYPE" varchar comment 'Kind of flow.',
    "DIVISION_ID" varchar comment 'Division.',
    "IS_LISTED" boolean not null comment 'Whether the source still lists it.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("FLOW_ID")
)
comment = 'A Genesys Cloud flow: a menu, a bot, a workflow.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "FLOW_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "FLOW_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."FLOW_ID",
    received.batch_file,
    received.batch_row,
    case
        when present."FLOW_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "FLOWS" as present
    on present."FLOW_ID" = received."FLOW_ID"
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
delete from "FLOWS"
using merge_plan
where "FLOWS"."FLOW_ID" = merge_plan."FLOW_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "FLOWS" (
    "FLOW_ID",
    "NAME",
    "FLOW_TYPE",
    "DIVISION_ID",
    "IS_LISTED",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."FLOW_ID",
    batch."NAME",
    batch."FLOW_TYPE",
    batch."DIVISION_ID",
    batch."IS_LISTED",
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
