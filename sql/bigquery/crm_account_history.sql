-- Generated. Table crm_account_history: DDL and merge.
create table if not exists `crm_account_history` (
    `history_id` string not null options (description = 'Salesforce id of the change, 18 characters.'),
    `account_id` string options (description = 'The account that changed.'),
    `changed_at` timestamp options (description = 'When it changed, by the CRM\'s clock.'),
    `field` string options (description = 'API name of the field, as the history has it: Account_Tier__c, Industry, Owner (once with names, once with ids).'),
    `old_value` string options (description = 'What the field was until then; NULL if it was empty.'),
    `new_value` string options (description = 'What it has been since; NULL if it is empty.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `row_hash` string not null options (description = '128-bit hash of all columns that tell of the world.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`history_id`) not enforced
)
cluster by `history_id`
options (
    description = 'One change of an account\'s tier, industry or owner, from the CRM\'s own history.',
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
    from `trunkline_staging`.`crm_account_history`
) = @received_crm_account_history as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `history_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `history_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`crm_account_history`
)
select
    received.`history_id`,
    received.batch_file,
    received.batch_row,
    case
        when present.`history_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `crm_account_history` as present
    on present.`history_id` = received.`history_id`
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

delete from `crm_account_history`
where exists (
    select 1
    from merge_plan
    where `crm_account_history`.`history_id` = merge_plan.`history_id`
        and merge_plan.action in ('update', 'settle')
);

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

insert into `crm_account_history` (
    `history_id`,
    `account_id`,
    `changed_at`,
    `field`,
    `old_value`,
    `new_value`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`history_id`,
    batch.`account_id`,
    batch.`changed_at`,
    batch.`field`,
    batch.`old_value`,
    batch.`new_value`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    @loaded_at
from `trunkline_staging`.`crm_account_history` as batch
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
