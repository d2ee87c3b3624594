-- Generated. Table segments: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `segments` (
    `conversation_id` string not null comment 'Conversation.',
    `participant_id` string not null comment 'Participant within the conversation; where the source names none, # and its position.',
    `session_id` string not null comment 'Session within the participant; where the source names none, # and its position.',
    `segment_seq` bigint not null comment 'Place in the session by begin, then type, then the order of the source; from 1.',
    `started_at` timestamp comment 'When it began.',
    `ended_at` timestamp comment 'When it ended; NULL while it runs.',
    `segment_type` string comment 'alert, contacting, dialing, interact, hold, wrapup, ivr, delay …',
    `queue_id` string comment 'Queue on whose account it was.',
    `disconnect_type` string comment 'How it ended (peer, client, endpoint, transfer …).',
    `wrapup_code` string comment 'Wrap-up code.',
    `wrapup_note` string comment 'The agent\'s note.',
    `conference` boolean comment 'Whether it was part of a conference.',
    `error_code` string comment 'Error of the medium.',
    `subject` string comment 'Subject of the e-mail.',
    `requested_language_id` string comment 'Language that was asked for.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `participant_id`, `session_id`, `segment_seq`)
)
cluster by (`conversation_id`, `participant_id`, `session_id`, `segment_seq`)
comment 'One stretch of a session: ringing, talking, on hold, wrapping up.';
