-- Generated. Table etl_rejects: DDL and merge.
create table if not exists `etl_rejects` (
    `run_id` string not null options (description = 'The run that met it.'),
    `source` string not null options (description = 'Extractor, for example genesys.'),
    `entity` string not null options (description = 'Stream, for example conversations.'),
    `natural_key` string not null options (description = 'The record\'s key in its stream; where it had none, the hash of its payload.'),
    `reason_code` string not null options (description = 'Machine-readable reason: missing_id, bad_date, wrong_type, bad_json …'),
    `message` string not null options (description = 'What was wrong: field, value and what would have been right.'),
    `payload_ref` string not null options (description = 'Where the payload is: file and line in the run store.'),
    `seen_at` timestamp not null options (description = 'When it was met: the time at which the source was asked.'),
    `resolved_at` timestamp options (description = 'When its run\'s transform was done again and no longer rejected it; NULL while it is open.'),
    primary key (`run_id`, `source`, `entity`, `natural_key`) not enforced
)
cluster by `run_id`, `source`, `entity`, `natural_key`
options (
    description = 'A record that could not become a row, with its reason. Its payload stays in the run folder.',
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
    from `trunkline_staging`.`etl_rejects`
) = @received_etl_rejects as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `run_id`,
        `source`,
        `entity`,
        `natural_key`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `run_id`, `source`, `entity`, `natural_key` order by batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`etl_rejects`
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

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

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
from `trunkline_staging`.`etl_rejects` as batch
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
