-- Generated. Table etl_commits: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "ETL_COMMITS" (
    "STEP_ID" varchar not null comment 'The batch: run, step and table; a child table''s name is added to that of its parent.',
    "CONTENT_HASH" varchar not null comment 'Hash of the batch''s files: what exactly was committed.',
    "INSERTED" bigint not null comment 'Rows that were new.',
    "UPDATED" bigint not null comment 'Rows that were replaced.',
    "UNCHANGED" bigint not null comment 'Rows that were there already, equal or observed later.',
    "COMMITTED_AT" timestamp_ntz not null comment 'When it was committed.',
    "DELETED" bigint comment 'Children that went with the rows that were replaced; NULL in entries from before children were loaded.',
    primary key ("STEP_ID")
)
comment = 'Commit says that a batch is in the warehouse. It is written in the transaction that merges the batch.';
