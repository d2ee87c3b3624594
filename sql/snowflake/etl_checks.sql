-- Generated. Table etl_checks: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "ETL_CHECKS" (
    "RUN_ID" varchar not null comment 'The run.',
    "CHECK_ID" varchar not null comment 'The check, for example join_rate.',
    "SCOPE" varchar not null comment 'What it looked at: a table, a day, a queue.',
    "SEVERITY" varchar not null comment 'warn or gate.',
    "STATUS" varchar not null comment 'pass, fail, or waived.',
    "OBSERVED" double comment 'What was measured.',
    "THRESHOLD" double comment 'What it is held against.',
    "MESSAGE" varchar not null comment 'One sentence for a person.',
    "CHECKED_AT" timestamp_ntz not null comment 'When it was made.',
    primary key ("RUN_ID", "CHECK_ID", "SCOPE")
)
comment = 'The outcome of one check in one run.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "RUN_ID",
        "CHECK_ID",
        "SCOPE",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "RUN_ID", "CHECK_ID", "SCOPE" order by batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."RUN_ID",
    received."CHECK_ID",
    received."SCOPE",
    received.batch_file,
    received.batch_row,
    case
        when present."RUN_ID" is null then 'insert'
        else 'update'
    end as action
from received
left join "ETL_CHECKS" as present
    on present."RUN_ID" = received."RUN_ID"
    and present."CHECK_ID" = received."CHECK_ID"
    and present."SCOPE" = received."SCOPE"
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
delete from "ETL_CHECKS"
using merge_plan
where "ETL_CHECKS"."RUN_ID" = merge_plan."RUN_ID"
    and "ETL_CHECKS"."CHECK_ID" = merge_plan."CHECK_ID"
    and "ETL_CHECKS"."SCOPE" = merge_plan."SCOPE"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "ETL_CHECKS" (
    "RUN_ID",
    "CHECK_ID",
    "SCOPE",
    "SEVERITY",
    "STATUS",
    "OBSERVED",
    "THRESHOLD",
    "MESSAGE",
    "CHECKED_AT"
)
select
    batch."RUN_ID",
    batch."CHECK_ID",
    batch."SCOPE",
    batch."SEVERITY",
    batch."STATUS",
    batch."OBSERVED",
    batch."THRESHOLD",
    batch."MESSAGE",
    batch."CHECKED_AT"
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
