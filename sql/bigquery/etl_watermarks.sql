-- Generated. Table etl_watermarks: DDL and merge.
create table if not exists `etl_watermarks` (
    `source` string not null options (description = 'Extractor, for example salesforce.'),
    `entity` string not null options (description = 'Stream, for example accounts.'),
    `watermark` timestamp options (description = 'Everything up to here, by the source\'s clock, is loaded.'),
    `run_id` string not null options (description = 'The run that moved it.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    primary key (`source`, `entity`) not enforced
)
cluster by `source`, `entity`
options (
    description = 'Watermark tells how far a stream has been read and loaded.',
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
    from `trunkline_staging`.`etl_watermarks`
) = @received_etl_watermarks as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `source`,
        `entity`,
        `observed_at`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `source`, `entity` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`etl_watermarks`
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

delete from `etl_watermarks`
where exists (
    select 1
    from merge_plan
    where `etl_watermarks`.`source` = merge_plan.`source`
        and `etl_watermarks`.`entity` = merge_plan.`entity`
        and merge_plan.action in ('update', 'settle')
);

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

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
from `trunkline_staging`.`etl_watermarks` as batch
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
