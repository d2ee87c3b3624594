-- Generated. Table crm_account_history: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `crm_account_history` (
    `history_id` string not null comment 'Salesforce id of the change, 18 characters.',
    `account_id` string comment 'The account that changed.',
    `changed_at` timestamp comment 'When it changed, by the CRM\'s clock.',
    `field` string comment 'API name of the field, as the history has it: Account_Tier__c, Industry, Owner (once with names, once with ids).',
    `old_value` string comment 'What the field was until then; NULL if it was empty.',
    `new_value` string comment 'What it has been since; NULL if it is empty.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`history_id`)
)
cluster by (`history_id`)
comment 'One change of an account\'s tier, industry or owner, from the CRM\'s own history.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `history_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `history_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
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

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- delete
delete from `crm_account_history`
where exists (
    select 1
    from merge_plan
    where `crm_account_history`.`history_id` = merge_plan.`history_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
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
    :loaded_at
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
