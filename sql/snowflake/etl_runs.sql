-- Generated. Table etl_runs: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "ETL_RUNS" (
    "RUN_ID" varchar not null comment 'The run: flow and begin of its window.',
    "STEP" varchar not null comment 'The step within the run, for example extract/genesys.conversations.',
    "INTERVAL_START" timestamp_ntz comment 'Begin of the window that the step read.',
    "INTERVAL_END" timestamp_ntz comment 'End of the window, exclusive.',
    "STATUS" varchar not null comment 'done, or the error''s code.',
    "STARTED_AT" timestamp_ntz not null comment 'When the step was started (the attempt that finished it).',
    "ENDED_AT" timestamp_ntz not null comment 'When it was finished.',
    "ROWS_IN" bigint comment 'Records or rows read.',
    "ROWS_OUT" bigint comment 'Records or rows written.',
    "ROWS_REJECTED" bigint comment 'Rows rejected.',
    "BYTES" bigint comment 'Bytes written.',
    "API_CALLS" bigint comment 'Calls made to the source.',
    "API_RETRIES" bigint comment 'Calls that had to be repeated.',
    "THROTTLED_MS" bigint comment 'Time spent waiting for the source''s rate limit, in ms.',
    "CODE_VERSION" varchar not null comment 'Version of trunkline.',
    "MANIFEST" varchar not null comment 'The step''s manifest, as JSON.',
    primary key ("RUN_ID", "STEP")
)
comment = 'One finished step of one run.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "RUN_ID",
        "STEP",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "RUN_ID", "STEP" order by batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."RUN_ID",
    received."STEP",
    received.batch_file,
    received.batch_row,
    case
        when present."RUN_ID" is null then 'insert'
        else 'update'
    end as action
from received
left join "ETL_RUNS" as present
    on present."RUN_ID" = received."RUN_ID"
    and present."STEP" = received."STEP"
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
delete from "ETL_RUNS"
using merge_plan
where "ETL_RUNS"."RUN_ID" = merge_plan."RUN_ID"
    and "ETL_RUNS"."STEP" = merge_plan."STEP"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "ETL_RUNS" (
    "RUN_ID",
    "STEP",
    "INTERVAL_START",
    "INTERVAL_END",
    "STATUS",
    "STARTED_AT",
    "ENDED_AT",
    "ROWS_IN",
    "ROWS_OUT",
    "ROWS_REJECTED",
    "BYTES",
    "API_CALLS",
    "API_RETRIES",
    "THROTTLED_MS",
    "CODE_VERSION",
    "MANIFEST"
)
select
    batch."RUN_ID",
    batch."STEP",
    batch."INTERVAL_START",
    batch."INTERVAL_END",
    batch."STATUS",
    batch."STARTED_AT",
    batch."ENDED_AT",
    batch."ROWS_IN",
    batch."ROWS_OUT",
    batch."ROWS_REJECTED",
    batch."BYTES",
    batch."API_CALLS",
    batch."API_RETRIES",
    batch."THROTTLED_MS",
    batch."CODE_VERSION",
    batch."MANIFEST"
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
