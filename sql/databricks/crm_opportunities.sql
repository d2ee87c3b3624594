-- Generated. Table crm_opportunities: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `crm_opportunities` (
    `opportunity_id` string not null comment 'Salesforce id, 18 characters.',
    `account_id` string comment 'The opportunity\'s account.',
    `stage` string comment 'Stage, as the organisation names it.',
    `amount` double comment 'Amount in the organisation\'s currency.',
    `is_closed` boolean comment 'Whether it is closed; NULL if the CRM did not say.',
    `is_won` boolean comment 'Whether it was won.',
    `is_deleted` boolean not null comment 'Whether it is deleted.',
    `created_at` timestamp comment 'When it was created.',
    `modified_at` timestamp comment 'When it last changed, by the CRM\'s clock (SystemModstamp).',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`opportunity_id`)
)
cluster by (`opportunity_id`)
comment 'A Salesforce opportunity as it is now.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `opportunity_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `opportunity_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`opportunity_id`,
    received.batch_file,
    received.batch_row,
    case
        when present.`opportunity_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `crm_opportunities` as present
    on present.`opportunity_id` = received.`opportunity_id`
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
delete from `crm_opportunities`
where exists (
    select 1
    from merge_plan
    where `crm_opportunities`.`opportunity_id` = merge_plan.`opportunity_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `crm_opportunities` (
    `opportunity_id`,
    `account_id`,
    `stage`,
    `amount`,
    `is_closed`,
    `is_won`,
    `is_deleted`,
    `created_at`,
    `modified_at`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`opportunity_id`,
    batch.`account_id`,
    batch.`stage`,
    batch.`amount`,
    batch.`is_closed`,
    batch.`is_won`,
    batch.`is_deleted`,
    batch.`created_at`,
    batch.`modified_at`,
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
