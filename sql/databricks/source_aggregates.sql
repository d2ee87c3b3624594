-- Generated. Table source_aggregates: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `source_aggregates` (
    `interval_start` timestamp not null comment 'Begin of the interval, UTC.',
    `interval_end` timestamp not null comment 'End of the interval, UTC, exclusive.',
    `queue_id` string not null comment 'Queue; empty when the group has none.',
    `media_type` string not null comment 'Medium; empty when the group has none.',
    `metric` string not null comment 'Metric (nOffered, tAnswered, tHandle …).',
    `count` bigint comment 'How often it was emitted; of n-metrics the sum of the counts.',
    `sum` bigint comment 'Sum of a t-metric in ms.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`interval_start`, `interval_end`, `queue_id`, `media_type`, `metric`)
)
cluster by (`interval_start`, `interval_end`, `queue_id`, `media_type`)
comment 'What Genesys itself counts for one queue, medium and interval: the other side of a reconciliation. Aggregates are stamped by the time a metric was emitted, not by the conversation\'s start.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `interval_start`,
        `interval_end`,
        `queue_id`,
        `media_type`,
        `metric`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `interval_start`, `interval_end`, `queue_id`, `media_type`, `metric` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`interval_start`,
    received.`interval_end`,
    received.`queue_id`,
    received.`media_type`,
    received.`metric`,
    received.batch_file,
    received.batch_row,
    case
        when present.`interval_start` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `source_aggregates` as present
    on present.`interval_start` = received.`interval_start`
    and present.`interval_end` = received.`interval_end`
    and present.`queue_id` = received.`queue_id`
    and present.`media_type` = received.`media_type`
    and present.`metric` = received.`metric`
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
delete from `source_aggregates`
where exists (
    select 1
    from merge_plan
    where `source_aggregates`.`interval_start` = merge_plan.`interval_start`
        and `source_aggregates`.`interval_end` = merge_plan.`interval_end`
        and `source_aggregates`.`queue_id` = merge_plan.`queue_id`
        and `source_aggregates`.`media_type` = merge_plan.`media_type`
        and `source_aggregates`.`metric` = merge_plan.`metric`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `source_aggregates` (
    `interval_start`,
    `interval_end`,
    `queue_id`,
    `media_type`,
    `metric`,
    `count`,
    `sum`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`interval_start`,
    batch.`interval_end`,
    batch.`queue_id`,
    batch.`media_type`,
    batch.`metric`,
    batch.`count`,
    batch.`sum`,
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
