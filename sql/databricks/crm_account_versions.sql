-- Generated. Table crm_account_versions: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `crm_account_versions` (
    `account_id` string not null comment 'Salesforce id, 18 characters.',
    `valid_from` timestamp not null comment 'From when, by the CRM\'s clock.',
    `valid_to` timestamp comment 'Until when; NULL while it is true.',
    `customer_tier` string comment 'Tier during that time.',
    `industry` string comment 'Industry during that time.',
    `owner_name` string comment 'Owner during that time.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`account_id`, `valid_from`)
)
cluster by (`account_id`, `valid_from`)
comment 'What was true of an account during [valid_from, valid_to). A change is dated by the CRM\'s own history where it has one, and by the SystemModstamp with which it was first seen where not. The first version begins where the history, or else the first sight, does: a tier is never claimed for a time that nobody can vouch for.';
