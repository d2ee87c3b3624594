-- Generated. Table releases: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `releases` (
    `product` string not null comment 'Product.',
    `release` string not null comment 'Release, as the organisation names it: 4.2.',
    `released_on` string not null comment 'Day on which customers got it, in the organisation\'s time zone, YYYY-MM-DD.',
    `note` string comment 'What there is to know about it.',
    `is_deleted` boolean not null comment 'Whether the list no longer has it. Views leave such releases out.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`product`, `release`)
)
cluster by (`product`, `release`)
comment 'One release of one of the organisation\'s products: what changes in the figures are held against.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `product`,
        `release`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `product`, `release` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`product`,
    received.`release`,
    received.batch_file,
    received.batch_row,
    case
        when present.`product` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `releases` as present
    on present.`product` = received.`product`
    and present.`release` = received.`release`
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
delete from `releases`
where exists (
    select 1
    from merge_plan
    where `releases`.`product` = merge_plan.`product`
        and `releases`.`release` = merge_plan.`release`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `releases` (
    `product`,
    `release`,
    `released_on`,
    `note`,
    `is_deleted`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`product`,
    batch.`release`,
    batch.`released_on`,
    batch.`note`,
    batch.`is_deleted`,
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
