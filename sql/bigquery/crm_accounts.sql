-- Generated. Table crm_accounts: DDL and merge.
create table if not exists `crm_accounts` (
    `account_id` string not null options (description = 'Salesforce id, 18 characters.'),
    `name` string options (description = 'Account name.'),
    `type` string options (description = 'Account type (Customer, Prospect …).'),
    `industry` string options (description = 'Industry.'),
    `customer_tier` string options (description = 'Tier, from the configured custom field.'),
    `owner_id` string options (description = 'Salesforce id of the owner.'),
    `owner_name` string options (description = 'Name of the owner.'),
    `annual_revenue` float64 options (description = 'Annual revenue as recorded in the CRM.'),
    `ltv_usd` float64 options (description = 'Lifetime value in US dollars, from the configured custom field.'),
    `parent_id` string options (description = 'Parent account.'),
    `master_account_id` string options (description = 'The account that this one was merged into; follow it until it is NULL.'),
    `is_deleted` bool not null options (description = 'Whether the account is deleted (or lost a merge).'),
    `created_at` timestamp options (description = 'When the account was created.'),
    `modified_at` timestamp options (description = 'When the account last changed, by the CRM\'s clock (SystemModstamp).'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `row_hash` string not null options (description = '128-bit hash of all columns that tell of the world.'),
    `first_seen_at` timestamp options (description = 'When the key was first written to the warehouse.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    `children_hash` string options (description = 'Hash of the account\'s versions.'),
    primary key (`account_id`) not enforced
)
cluster by `account_id`
options (
    description = 'A Salesforce account as it is now. A merged account is deleted and names its winner.',
    labels = [('application', 'trunkline')]
);

declare planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged int64;

declare crm_account_versions_written, crm_account_versions_unchanged, crm_account_versions_orphans, crm_account_versions_deleted int64;

begin transaction;

update etl_leases
set expires_at = timestamp_add(current_timestamp(), interval @seconds second)
where resource = 'warehouse'
    and token = @token;

assert @@row_count = 1 as 'trunkline: the lease is no longer ours';

assert (
    select count(*)
    from `trunkline_staging`.`crm_accounts`
) = @received_crm_accounts as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `account_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `account_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`crm_accounts`
)
select
    received.`account_id`,
    received.batch_file,
    received.batch_row,
    received.`observed_at`,
    present.`first_seen_at`,
    case
        when present.`account_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `crm_accounts` as present
    on present.`account_id` = received.`account_id`
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

delete from `crm_accounts`
where exists (
    select 1
    from merge_plan
    where `crm_accounts`.`account_id` = merge_plan.`account_id`
        and merge_plan.action in ('update', 'settle')
);

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

insert into `crm_accounts` (
    `account_id`,
    `name`,
    `type`,
    `industry`,
    `customer_tier`,
    `owner_id`,
    `owner_name`,
    `annual_revenue`,
    `ltv_usd`,
    `parent_id`,
    `master_account_id`,
    `is_deleted`,
    `created_at`,
    `modified_at`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `first_seen_at`,
    `etl_loaded_at`,
    `children_hash`
)
select
    batch.`account_id`,
    batch.`name`,
    batch.`type`,
    batch.`industry`,
    batch.`customer_tier`,
    batch.`owner_id`,
    batch.`owner_name`,
    batch.`annual_revenue`,
    batch.`ltv_usd`,
    batch.`parent_id`,
    batch.`master_account_id`,
    batch.`is_deleted`,
    batch.`created_at`,
    batch.`modified_at`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    coalesce(merge_plan.`first_seen_at`, @loaded_at),
    @loaded_at,
    batch.`children_hash`
from `trunkline_staging`.`crm_accounts` as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

assert @@row_count = planned_inserts + planned_updates as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`crm_account_versions`
) = @received_crm_account_versions as 'trunkline: the batch does not hold the rows that its manifest promises';

set (crm_account_versions_written, crm_account_versions_unchanged, crm_account_versions_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`crm_account_versions` as batch
    left join merge_plan
        on merge_plan.`account_id` = batch.`account_id`
);

assert crm_account_versions_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `crm_account_versions`
where exists (
    select 1
    from merge_plan
    where merge_plan.`account_id` = `crm_account_versions`.`account_id`
        and merge_plan.action in ('update', 'settle')
);

set crm_account_versions_deleted = @@row_count;

insert into `crm_account_versions` (
    `account_id`,
    `valid_from`,
    `valid_to`,
    `customer_tier`,
    `industry`,
    `owner_name`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`account_id`,
    batch.`valid_from`,
    batch.`valid_to`,
    batch.`customer_tier`,
    batch.`industry`,
    batch.`owner_name`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    @loaded_at
from `trunkline_staging`.`crm_account_versions` as batch
join merge_plan
    on merge_plan.`account_id` = batch.`account_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = crm_account_versions_written as 'trunkline: not as many rows were written as were planned';

delete from etl_commits
where step_id in (@step_id, @step_id || '/crm_account_versions');

insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at, deleted)
values
    (@step_id, @content_hash, planned_inserts, planned_updates, planned_unchanged, @loaded_at, 0),
    (@step_id || '/crm_account_versions', @content_hash, crm_account_versions_written, 0, crm_account_versions_unchanged, @loaded_at, crm_account_versions_deleted);

commit transaction;

select step_id, inserted, updated, unchanged, deleted
from etl_commits
where step_id in (@step_id, @step_id || '/crm_account_versions');
