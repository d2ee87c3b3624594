-- Generated. Table etl_runs: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `etl_runs` (
    `run_id` string not null comment 'The run: flow and begin of its window.',
    `step` string not null comment 'The step within the run, for example extract/genesys.conversations.',
    `interval_start` timestamp comment 'Begin of the window that the step read.',
    `interval_end` timestamp comment 'End of the window, exclusive.',
    `status` string not null comment 'done, or the error\'s code.',
    `started_at` timestamp not null comment 'When the step was started (the attempt that finished it).',
    `ended_at` timestamp not null comment 'When it was finished.',
    `rows_in` bigint comment 'Records or rows read.',
    `rows_out` bigint comment 'Records or rows written.',
    `rows_rejected` bigint comment 'Rows rejected.',
    `bytes` bigint comment 'Bytes written.',
    `api_calls` bigint comment 'Calls made to the source.',
    `api_retries` bigint comment 'Calls that had to be repeated.',
    `throttled_ms` bigint comment 'Time spent waiting for the source\'s rate limit, in ms.',
    `code_version` string not null comment 'Version of trunkline.',
    `manifest` string not null comment 'The step\'s manifest, as JSON.',
    primary key (`run_id`, `step`)
)
cluster by (`run_id`, `step`)
comment 'One finished step of one run.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `run_id`,
        `step`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `run_id`, `step` order by batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`run_id`,
    received.`step`,
    received.batch_file,
    received.batch_row,
    case
        when present.`run_id` is null then 'insert'
        else 'update'
    end as action
from received
left join `etl_runs` as present
    on present.`run_id` = received.`run_id`
    and present.`step` = received.`step`
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
delete from `etl_runs`
where exists (
    select 1
    from merge_plan
    where `etl_runs`.`run_id` = merge_plan.`run_id`
        and `etl_runs`.`step` = merge_plan.`step`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `etl_runs` (
    `run_id`,
    `step`,
    `interval_start`,
    `interval_end`,
    `status`,
    `started_at`,
    `ended_at`,
    `rows_in`,
    `rows_out`,
    `rows_rejected`,
    `bytes`,
    `api_calls`,
    `api_retries`,
    `throttled_ms`,
    `code_version`,
    `manifest`
)
select
    batch.`run_id`,
    batch.`step`,
    batch.`interval_start`,
    batch.`interval_end`,
    batch.`status`,
    batch.`started_at`,
    batch.`ended_at`,
    batch.`rows_in`,
    batch.`rows_out`,
    batch.`rows_rejected`,
    batch.`bytes`,
    batch.`api_calls`,
    batch.`api_retries`,
    batch.`throttled_ms`,
    batch.`code_version`,
    batch.`manifest`
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
