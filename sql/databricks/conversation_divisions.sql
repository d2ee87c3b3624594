-- Generated. Table conversation_divisions: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `conversation_divisions` (
    `conversation_id` string not null comment 'Conversation.',
    `division_id` string not null comment 'Division.',
    `position` bigint not null comment 'Place in the order of the source, from 1.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `division_id`)
)
cluster by (`conversation_id`, `division_id`)
comment 'One division that a conversation belongs to; it may belong to several.';
