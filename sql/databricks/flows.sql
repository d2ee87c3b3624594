-- Generated. Table flows: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `flows` (
    `flow_id` string not null comment 'Genesys Cloud flow id.',
    `name` string comment 'Name today; the name when it ran is in sessions.',
    `flow_type` string comment 'Kind of flow.',
    `division_id` string comment 'Division.',
    `is_listed` boolean not null comment 'Whether the source still lists it.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`flow_id`)
)
cluster by (`flow_id`)
comment 'A Genesys Cloud flow: a menu, a bot, a workflow.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `flow_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `flow_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`flow_id`,
    received.batch_file,
    received.batch_row,
    case
        when present.`flow_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `flows` as present
    on present.`flow_id` = received.`flow_id`
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
delete from `flows`
where exists (
    select 1
    from merge_plan
    where `flows`.`flow_id` = merge_plan.`flow_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `flows` (
    `flow_id`,
    `name`,
    `flow_type`,
    `division_id`,
    `is_listed`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`flow_id`,
    batch.`name`,
    batch.`flow_type`,
    batch.`division_id`,
    batch.`is_listed`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    :loaded_at
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
