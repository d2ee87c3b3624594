-- Generated. Table etl_rejects: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `etl_rejects` (
    `run_id` string not null comment 'The run that met it.',
    `source` string not null comment 'Extractor, for example genesys.',
    `entity` string not null comment 'Stream, for example conversations.',
    `natural_key` string not null comment 'The record\'s key in its stream; where it had none, the hash of its payload.',
    `reason_code` string not null comment 'Machine-readable reason: missing_id, bad_date, wrong_type, bad_json …',
    `message` string not null comment 'What was wrong: field, value and what would have been right.',
    `payload_ref` string not null comment 'Where the payload is: file and line in the run store.',
    `seen_at` timestamp not null comment 'When it was met: the time at which the source was asked.',
    `resolved_at` timestamp comment 'When its run\'s transform was done again and no longer rejected it; NULL while it is open.',
    primary key (`run_id`, `source`, `entity`, `natural_key`)
)
cluster by (`run_id`, `source`, `entity`, `natural_key`)
comment 'A record that could not become a row, with its reason. Its payload stays in the run folder.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `run_id`,
        `source`,
        `entity`,
        `natural_key`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `run_id`, `source`, `entity`, `natural_key` order by batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`run_id`,
    received.`source`,
    received.`entity`,
    received.`natural_key`,
    received.batch_file,
    received.batch_row,
    case
        when present.`run_id` is null then 'insert'
        else 'update'
    end as action
from received
left join `etl_rejects` as present
    on present.`run_id` = received.`run_id`
    and present.`source` = received.`source`
    and present.`entity` = received.`entity`
    and present.`natural_key` = received.`natural_key`
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
delete from `etl_rejects`
where exists (
    select 1
    from merge_plan
    where `etl_rejects`.`run_id` = merge_plan.`run_id`
        and `etl_rejects`.`source` = merge_plan.`source`
        and `etl_rejects`.`entity` = merge_plan.`entity`
        and `etl_rejects`.`natural_key` = merge_plan.`natural_key`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `etl_rejects` (
    `run_id`,
    `source`,
    `entity`,
    `natural_key`,
    `reason_code`,
    `message`,
    `payload_ref`,
    `seen_at`,
    `resolved_at`
)
select
    batch.`run_id`,
    batch.`source`,
    batch.`entity`,
    batch.`natural_key`,
    batch.`reason_code`,
    batch.`message`,
    batch.`payload_ref`,
    batch.`seen_at`,
    batch.`resolved_at`
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
