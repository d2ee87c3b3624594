-- Generated. Table crm_accounts: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `crm_accounts` (
    `account_id` string not null comment 'Salesforce id, 18 characters.',
    `name` string comment 'Account name.',
    `type` string comment 'Account type (Customer, Prospect …).',
    `industry` string comment 'Industry.',
    `customer_tier` string comment 'Tier, from the configured custom field.',
    `owner_id` string comment 'Salesforce id of the owner.',
    `owner_name` string comment 'Name of the owner.',
    `annual_revenue` double comment 'Annual revenue as recorded in the CRM.',
    `ltv_usd` double comment 'Lifetime value in US dollars, from the configured custom field.',
    `parent_id` string comment 'Parent account.',
    `master_account_id` string comment 'The account that this one was merged into; follow it until it is NULL.',
    `is_deleted` boolean not null comment 'Whether the account is deleted (or lost a merge).',
    `created_at` timestamp comment 'When the account was created.',
    `modified_at` timestamp comment 'When the account last changed, by the CRM\'s clock (SystemModstamp).',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `first_seen_at` timestamp comment 'When the key was first written to the warehouse.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    `children_hash` string comment 'Hash of the account\'s versions.',
    primary key (`account_id`)
)
cluster by (`account_id`)
comment 'A Salesforce account as it is now. A merged account is deleted and names its winner.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `account_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `account_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
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

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- delete
delete from `crm_accounts`
where exists (
    select 1
    from merge_plan
    where `crm_accounts`.`account_id` = merge_plan.`account_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
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
    coalesce(merge_plan.`first_seen_at`, :loaded_at),
    :loaded_at,
    batch.`children_hash`
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- crm_account_versions: received
select count(*)
from trunkline_batch;

-- crm_account_versions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan.`account_id` = batch.`account_id`;

-- crm_account_versions: delete
delete from `crm_account_versions`
where exists (
    select 1
    from merge_plan
    where merge_plan.`account_id` = `crm_account_versions`.`account_id`
        and merge_plan.action in ('update', 'settle')
);

-- crm_account_versions: insert
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
    :loaded_at
from trunkline_batch as batch
join merge_plan
    on merge_plan.`account_id` = batch.`account_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
