-- Generated. Table etl_watermarks: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `etl_watermarks` (
    `source` string not null comment 'Extractor, for example salesforce.',
    `entity` string not null comment 'Stream, for example accounts.',
    `watermark` timestamp comment 'Everything up to here, by the source\'s clock, is loaded.',
    `run_id` string not null comment 'The run that moved it.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    primary key (`source`, `entity`)
)
cluster by (`source`, `entity`)
comment 'Watermark tells how far a stream has been read and loaded.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `source`,
        `entity`,
        `observed_at`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `source`, `entity` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`source`,
    received.`entity`,
    received.batch_file,
    received.batch_row,
    case
        when present.`source` is null then 'insert'
        when received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `etl_watermarks` as present
    on present.`source` = received.`source`
    and present.`entity` = received.`entity`
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
delete from `etl_watermarks`
where exists (
    select 1
    from merge_plan
    where `etl_watermarks`.`source` = merge_plan.`source`
        and `etl_watermarks`.`entity` = merge_plan.`entity`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `etl_watermarks` (
    `source`,
    `entity`,
    `watermark`,
    `run_id`,
    `observed_at`
)
select
    batch.`source`,
    batch.`entity`,
    batch.`watermark`,
    batch.`run_id`,
    batch.`observed_at`
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
