-- Generated. Table queue_visits: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `queue_visits` (
    `conversation_id` string not null comment 'Conversation.',
    `participant_id` string not null comment 'Participant within the conversation; where the source names none, # and its position.',
    `session_id` string not null comment 'Session within the participant; where the source names none, # and its position.',
    `conversation_start` timestamp not null comment 'When the conversation began.',
    `business_date` string not null comment 'Day of the offer in the organisation\'s time zone, YYYY-MM-DD; the conversation\'s where its time is not known.',
    `business_hour` bigint comment 'Hour of that day, 0 to 23, in the organisation\'s time zone; NULL where the time of the offer is not known.',
    `offered_at` timestamp comment 'When it entered the queue.',
    `left_at` timestamp comment 'When it left it; NULL while it waits.',
    `visit_seq` bigint not null comment 'Place among the visits of the conversation, from 1.',
    `queue_id` string comment 'Queue; NULL if the source names none.',
    `queue_name` string comment 'Name of the queue; names of deleted queues are kept.',
    `media_type` string comment 'Medium of the session.',
    `outcome` string not null comment 'What became of it: answered, abandoned, flow_out, waiting (not over yet), unknown (nothing was measured).',
    `short_abandon` boolean comment 'Whether it was abandoned sooner than the organisation\'s threshold; NULL where nothing was measured.',
    `wait_time_ms` bigint comment 'Time waited: tAnswered, tAbandon or tFlowOut, whichever ended it.',
    `answer_time_ms` bigint comment 'Queue entry to answer (tAnswered); NULL unless it was answered.',
    `over_sla` boolean comment 'Whether it was answered later than the queue\'s target; NULL unless it was answered.',
    `sla_target_ms` bigint comment 'The queue\'s target now.',
    `answered_by` string comment 'The agent who answered.',
    `is_last` boolean not null comment 'Whether it is the last visit of the conversation.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `participant_id`, `session_id`)
)
cluster by (`conversation_start`, `conversation_id`, `participant_id`, `session_id`)
comment 'One stay of a conversation in a queue. Figures per queue come from here.';
