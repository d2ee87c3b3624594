-- Generated. Table session_metrics: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `session_metrics` (
    `conversation_id` string not null comment 'Conversation.',
    `participant_id` string not null comment 'Participant within the conversation; where the source names none, # and its position.',
    `session_id` string not null comment 'Session within the participant; where the source names none, # and its position.',
    `metric_seq` bigint not null comment 'Place in the session by emit time, then name, then the order of the source; from 1.',
    `name` string not null comment 'Name: t… are milliseconds, n… counts, o… observations.',
    `value` bigint not null comment 'Value; 0 is measured.',
    `emitted_at` timestamp comment 'When it was emitted.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `participant_id`, `session_id`, `metric_seq`)
)
cluster by (`conversation_id`, `participant_id`, `session_id`, `metric_seq`)
comment 'One measurement that the source made of a session. Aggregates of the source go by emitted_at, not by when the conversation began.';
