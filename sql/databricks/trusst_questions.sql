-- Generated. Table trusst_questions: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `trusst_questions` (
    `question_id` string not null comment 'Trusst\'s id of the question.',
    `question_key` string comment 'Key: its short name. Not unique; see shares_key.',
    `question_text` string comment 'The question.',
    `result_type` string comment 'Boolean, Rating, Paragraph, Label or Summary; others are kept.',
    `is_universal` boolean comment 'Whether it is put to every contact: only answers to universal questions are landed.',
    `is_scored` boolean comment 'Whether it counts towards a score.',
    `question_group` string comment 'Group.',
    `created_at` timestamp comment 'When it was made.',
    `is_listed` boolean not null comment 'Whether Trusst still lists it.',
    `shares_key` boolean not null comment 'Whether another listed universal question has the same key: then neither is pivoted under the bare key.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`question_id`)
)
cluster by (`question_id`)
comment 'A question that Trusst puts to contacts, universal or not.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `question_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `question_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`question_id`,
    received.batch_file,
    received.batch_row,
    case
        when present.`question_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `trusst_questions` as present
    on present.`question_id` = received.`question_id`
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
delete from `trusst_questions`
where exists (
    select 1
    from merge_plan
    where `trusst_questions`.`question_id` = merge_plan.`question_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `trusst_questions` (
    `question_id`,
    `question_key`,
    `question_text`,
    `result_type`,
    `is_universal`,
    `is_scored`,
    `question_group`,
    `created_at`,
    `is_listed`,
    `shares_key`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`question_id`,
    batch.`question_key`,
    batch.`question_text`,
    batch.`result_type`,
    batch.`is_universal`,
    batch.`is_scored`,
    batch.`question_group`,
    batch.`created_at`,
    batch.`is_listed`,
    batch.`shares_key`,
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
