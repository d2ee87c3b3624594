-- Generated. Table wrapup_codes: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `wrapup_codes` (
    `wrapup_code_id` string not null comment 'Genesys Cloud wrap-up code id.',
    `name` string comment 'Name.',
    `division_id` string comment 'Division.',
    `is_listed` boolean not null comment 'Whether the source still lists the code.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`wrapup_code_id`)
)
cluster by (`wrapup_code_id`)
comment 'A Genesys Cloud wrap-up code. The system\'s own codes (ININ-WRAP-UP-TIMEOUT …) are never listed.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `wrapup_code_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `wrapup_code_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`wrapup_code_id`,
    received.batch_file,
    received.batch_row,
    case
        when present.`wrapup_code_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `wrapup_codes` as present
    on present.`wrapup_code_id` = received.`wrapup_code_id`
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
delete from `wrapup_codes`
where exists (
    select 1
    from merge_plan
    where `wrapup_codes`.`wrapup_code_id` = merge_plan.`wrapup_code_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `wrapup_codes` (
    `wrapup_code_id`,
    `name`,
    `division_id`,
    `is_listed`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`wrapup_code_id`,
    batch.`name`,
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
