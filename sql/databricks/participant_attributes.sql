-- Generated. Table participant_attributes: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `participant_attributes` (
    `conversation_id` string not null comment 'Conversation.',
    `participant_id` string not null comment 'Participant within the conversation; where the source names none, # and its position.',
    `name` string not null comment 'Name, as it is spelled.',
    `value` string comment 'Value; text always. Flows put there what they like, so it is of every class.',
    `value_truncated` boolean not null comment 'Whether the value has the 1,024 characters at which the source cuts.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `participant_id`, `name`)
)
cluster by (`conversation_id`, `participant_id`, `name`)
comment 'One attribute that a flow, a widget or an agent set on a participant.';
