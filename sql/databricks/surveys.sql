-- Generated. Table surveys: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `surveys` (
    `conversation_id` string not null comment 'Conversation.',
    `survey_id` string not null comment 'Survey.',
    `status` string comment 'Pending, Sent, InProgress, Finished, OptOut, Error, Expired …',
    `survey_type` string comment 'Web or Voice.',
    `event_time` timestamp comment 'When it last changed.',
    `completed_at` timestamp comment 'When the customer finished it.',
    `is_partial` boolean comment 'Whether it was answered only in part.',
    `user_id` string comment 'The agent whom it is about.',
    `queue_id` string comment 'Queue.',
    `form_id` string comment 'Form, in one version.',
    `form_context_id` string comment 'Form across its versions.',
    `form_name` string comment 'Name of the form.',
    `promoter_score` bigint comment 'Promoter score, 0 to 10.',
    `total_score` double comment 'Total score, as received; 0 is a score.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `survey_id`)
)
cluster by (`conversation_id`, `survey_id`)
comment 'One survey sent to the customer of a conversation.';
