-- Generated. Table etl_runs: DDL and merge.
create table if not exists `etl_runs` (
    `run_id` string not null options (description = 'The run: flow and begin of its window.'),
    `step` string not null options (description = 'The step within the run, for example extract/genesys.conversations.'),
    `interval_start` timestamp options (description = 'Begin of the window that the step read.'),
    `interval_end` timestamp options (description = 'End of the window, exclusive.'),
    `status` string not null options (description = 'done, or the error\'s code.'),
    `started_at` timestamp not null options (description = 'When the step was started (the attempt that finished it).'),
    `ended_at` timestamp not null options (description = 'When it was finished.'),
    `rows_in` int64 options (description = 'Records or rows read.'),
    `rows_out` int64 options (description = 'Records or rows written.'),
    `rows_rejected` int64 options (description = 'Rows rejected.'),
    `bytes` int64 options (description = 'Bytes written.'),
    `api_calls` int64 options (description = 'Calls made to the source.'),
    `api_retries` int64 options (description = 'Calls that had to be repeated.'),
    `throttled_ms` int64 options (description = 'Time spent waiting for the source\'s rate limit, in ms.'),
    `code_version` string not null options (description = 'Version of trunkline.'),
    `manifest` string not null options (description = 'The step\'s manifest, as JSON.'),
    primary key (`run_id`, `step`) not enforced
)
cluster by `run_id`, `step`
options (
    description = 'One finished step of one run.',
    labels = [('application', 'trunkline')]
);

declare planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged int64;

begin transaction;

update etl_leases
set expires_at = timestamp_add(current_timestamp(), interval @seconds second)
where resource = 'warehouse'
    and token = @token;

assert @@row_count = 1 as 'trunkline: the lease is no longer ours';

assert (
    select count(*)
    from `trunkline_staging`.`etl_runs`
) = @received_etl_runs as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `run_id`,
        `step`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `run_id`, `step` order by batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`etl_runs`
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

set (planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged) = (
    select as struct
        (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
        count(*) as plans,
        count(case when action = 'insert' then 1 end) as inserts,
        count(case when action in ('update', 'settle') then 1 end) as updates,
        count(case when action = 'unchanged' then 1 end) as unchanged
    from merge_plan
);

assert planned_rows = planned_keys as 'trunkline: the table holds keys of the batch more than once';

delete from `etl_runs`
where exists (
    select 1
    from merge_plan
    where `etl_runs`.`run_id` = merge_plan.`run_id`
        and `etl_runs`.`step` = merge_plan.`step`
        and merge_plan.action in ('update', 'settle')
);

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

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
from `trunkline_staging`.`etl_runs` as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

assert @@row_count = planned_inserts + planned_updates as 'trunkline: not as many rows were written as were planned';

delete from etl_commits
where step_id in (@step_id);

insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at, deleted)
values
    (@step_id, @content_hash, planned_inserts, planned_updates, planned_unchanged, @loaded_at, 0);

commit transaction;

select step_id, inserted, updated, unchanged, deleted
from etl_commits
where step_id in (@step_id);
