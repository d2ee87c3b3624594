-- Generated. Table evaluations: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `evaluations` (
    `conversation_id` string not null comment 'Conversation.',
    `evaluation_id` string not null comment 'Evaluation.',
    `status` string comment 'Pending, InProgress, InReview, Finished or Retracted.',
    `event_time` timestamp comment 'When it last changed.',
    `user_id` string comment 'The agent who is evaluated.',
    `evaluator_id` string comment 'Who evaluates.',
    `assignee_id` string comment 'Who is to evaluate.',
    `queue_id` string comment 'Queue.',
    `form_id` string comment 'Form, in one version.',
    `form_name` string comment 'Name of the form.',
    `context_id` string comment 'Form across its versions.',
    `calibration_id` string comment 'Calibration that it is part of; such evaluations do not count.',
    `released` boolean comment 'Whether the agent may see it.',
    `rescored` boolean comment 'Whether it was scored again.',
    `deleted` boolean comment 'Whether it was deleted.',
    `total_score` double comment 'Total score, as received.',
    `total_critical_score` double comment 'Score of the critical questions, as received.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `evaluation_id`)
)
cluster by (`conversation_id`, `evaluation_id`)
comment 'One evaluation of an agent in a conversation, deleted, retracted and calibration ones included.';
