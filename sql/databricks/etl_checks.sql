-- Generated. Table etl_checks: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `etl_checks` (
    `run_id` string not null comment 'The run.',
    `check_id` string not null comment 'The check, for example join_rate.',
    `scope` string not null comment 'What it looked at: a table, a day, a queue.',
    `severity` string not null comment 'warn or gate.',
    `status` string not null comment 'pass, fail, or waived.',
    `observed` double comment 'What was measured.',
    `threshold` double comment 'What it is held against.',
    `message` string not null comment 'One sentence for a person.',
    `checked_at` timestamp not null comment 'When it was made.',
    primary key (`run_id`, `check_id`, `scope`)
)
cluster by (`run_id`, `check_id`, `scope`)
comment 'The outcome of one check in one run.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `run_id`,
        `check_id`,
        `scope`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `run_id`, `check_id`, `scope` order by batch_file desc, batch_row desc) as version
    from trunkline_batch
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

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- delete
delete from `etl_checks`
where exists (
    select 1
    from merge_plan
    where `etl_checks`.`run_id` = merge_plan.`run_id`
        and `etl_checks`.`check_id` = merge_plan.`check_id`
        and `etl_checks`.`scope` = merge_plan.`scope`
        and merge_plan.action in ('update', 'settle')
);

-- insert
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
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
