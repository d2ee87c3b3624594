-- Generated. Table flow_outcomes: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `flow_outcomes` (
    `conversation_id` string not null comment 'Conversation.',
    `participant_id` string not null comment 'Participant within the conversation; where the source names none, # and its position.',
    `session_id` string not null comment 'Session within the participant; where the source names none, # and its position.',
    `outcome_seq` bigint not null comment 'Place in the session by begin, then id, then the order of the source; from 1.',
    `flow_outcome_id` string comment 'Outcome.',
    `outcome_value` string comment 'SUCCESS or FAILURE.',
    `started_at` timestamp comment 'When the flow began on it.',
    `ended_at` timestamp comment 'When it was reached; may be unknown after a failure.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `participant_id`, `session_id`, `outcome_seq`)
)
cluster by (`conversation_id`, `participant_id`, `session_id`, `outcome_seq`)
comment 'One outcome that a flow recorded.';
