-- Generated. Table surveys: DDL and merge.
create table if not exists `surveys` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `survey_id` string not null options (description = 'Survey.'),
    `status` string options (description = 'Pending, Sent, InProgress, Finished, OptOut, Error, Expired …'),
    `survey_type` string options (description = 'Web or Voice.'),
    `event_time` timestamp options (description = 'When it last changed.'),
    `completed_at` timestamp options (description = 'When the customer finished it.'),
    `is_partial` bool options (description = 'Whether it was answered only in part.'),
    `user_id` string options (description = 'The agent whom it is about.'),
    `queue_id` string options (description = 'Queue.'),
    `form_id` string options (description = 'Form, in one version.'),
    `form_context_id` string options (description = 'Form across its versions.'),
    `form_name` string options (description = 'Name of the form.'),
    `promoter_score` int64 options (description = 'Promoter score, 0 to 10.'),
    `total_score` float64 options (description = 'Total score, as received; 0 is a score.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `survey_id`) not enforced
)
cluster by `conversation_id`, `survey_id`
options (
    description = 'One survey sent to the customer of a conversation.',
    labels = [('application', 'trunkline')]
);
