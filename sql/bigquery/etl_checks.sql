-- Generated. Table etl_checks: DDL and merge.
create table if not exists `etl_checks` (
    `run_id` string not null options (description = 'The run.'),
    `check_id` string not null options (description = 'The check, for example join_rate.'),
    `scope` string not null options (description = 'What it looked at: a table, a day, a queue.'),
    `severity` string not null options (description = 'warn or gate.'),
    `status` string not null options (description = 'pass, fail, or waived.'),
    `observed` float64 options (description = 'What was measured.'),
    `threshold` float64 options (description = 'What it is held against.'),
    `message` string not null options (description = 'One sentence for a person.'),
    `checked_at` timestamp not null options (description = 'When it was made.'),
    primary key (`run_id`, `check_id`, `scope`) not enforced
)
cluster by `run_id`, `check_id`, `scope`
options (
    description = 'The outcome of one check in one run.',
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
    from `trunkline_staging`.`etl_checks`
) = @received_etl_checks as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `run_id`,
        `check_id`,
        `scope`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `run_id`, `check_id`, `scope` order by batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`etl_checks`
)
select
    received.`run_id`,
    received.`check_id`,
    received.`scope`,
    received.batch_file,
    received.batch_row,
    case
        when present.`run_id` is null then 'insert'
        else 'update'
    end as action
from received
left join `etl_checks` as present
    on present.`run_id` = received.`run_id`
    and present.`check_id` = received.`check_id`
    and present.`scope` = received.`scope`
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

delete from `etl_checks`
where exists (
    select 1
    from merge_plan
    where `etl_checks`.`run_id` = merge_plan.`run_id`
        and `etl_checks`.`check_id` = merge_plan.`check_id`
        and `etl_checks`.`scope` = merge_plan.`scope`
        and merge_plan.action in ('update', 'settle')
);

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

insert into `etl_checks` (
    `run_id`,
    `check_id`,
    `scope`,
    `severity`,
    `status`,
    `observed`,
    `threshold`,
    `message`,
    `checked_at`
)
select
    batch.`run_id`,
    batch.`check_id`,
    batch.`scope`,
    batch.`severity`,
    batch.`status`,
    batch.`observed`,
    batch.`threshold`,
    batch.`message`,
    batch.`checked_at`
from `trunkline_staging`.`etl_checks` as batch
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
