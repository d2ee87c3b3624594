-- Generated. Table resolutions: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `resolutions` (
    `conversation_id` string not null comment 'Conversation.',
    `resolution_seq` bigint not null comment 'Place by event time, then the order of the source; from 1.',
    `event_time` timestamp comment 'When it was decided.',
    `queue_id` string comment 'The last queue that handled the conversation.',
    `user_id` string comment 'The last agent who handled it.',
    `next_contact_avoided` bigint comment 'nNextContactAvoided: 1 if no further contact followed.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `resolution_seq`)
)
cluster by (`conversation_id`, `resolution_seq`)
comment 'The source\'s word on whether a contact was the last about its matter.';
