-- Generated. Table etl_commits: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `etl_commits` (
    `step_id` string not null comment 'The batch: run, step and table; a child table\'s name is added to that of its parent.',
    `content_hash` string not null comment 'Hash of the batch\'s files: what exactly was committed.',
    `inserted` bigint not null comment 'Rows that were new.',
    `updated` bigint not null comment 'Rows that were replaced.',
    `unchanged` bigint not null comment 'Rows that were there already, equal or observed later.',
    `committed_at` timestamp not null comment 'When it was committed.',
    `deleted` bigint comment 'Children that went with the rows that were replaced; NULL in entries from before children were loaded.',
    primary key (`step_id`)
)
cluster by (`step_id`)
comment 'Commit says that a batch is in the warehouse. It is written in the transaction that merges the batch.';
