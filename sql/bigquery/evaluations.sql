-- Generated. Table evaluations: DDL and merge.
create table if not exists `evaluations` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `evaluation_id` string not null options (description = 'Evaluation.'),
    `status` string options (description = 'Pending, InProgress, InReview, Finished or Retracted.'),
    `event_time` timestamp options (description = 'When it last changed.'),
    `user_id` string options (description = 'The agent who is evaluated.'),
    `evaluator_id` string options (description = 'Who evaluates.'),
    `assignee_id` string options (description = 'Who is to evaluate.'),
    `queue_id` string options (description = 'Queue.'),
    `form_id` string options (description = 'Form, in one version.'),
    `form_name` string options (description = 'Name of the form.'),
    `context_id` string options (description = 'Form across its versions.'),
    `calibration_id` string options (description = 'Calibration that it is part of; such evaluations do not count.'),
    `released` bool options (description = 'Whether the agent may see it.'),
    `rescored` bool options (description = 'Whether it was scored again.'),
    `deleted` bool options (description = 'Whether it was deleted.'),
    `total_score` float64 options (description = 'Total score, as received.'),
    `total_critical_score` float64 options (description = 'Score of the critical questions, as received.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `evaluation_id`) not enforced
)
cluster by `conversation_id`, `evaluation_id`
options (
    description = 'One evaluation of an agent in a conversation, deleted, retracted and calibration ones included.',
    labels = [('application', 'trunkline')]
);
