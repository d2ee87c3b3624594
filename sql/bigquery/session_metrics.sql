-- Generated. Table session_metrics: DDL and merge.
create table if not exists `session_metrics` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `participant_id` string not null options (description = 'Participant within the conversation; where the source names none, # and its position.'),
    `session_id` string not null options (description = 'Session within the participant; where the source names none, # and its position.'),
    `metric_seq` int64 not null options (description = 'Place in the session by emit time, then name, then the order of the source; from 1.'),
    `name` string not null options (description = 'Name: t… are milliseconds, n… counts, o… observations.'),
    `value` int64 not null options (description = 'Value; 0 is measured.'),
    `emitted_at` timestamp options (description = 'When it was emitted.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `participant_id`, `session_id`, `metric_seq`) not enforced
)
cluster by `conversation_id`, `participant_id`, `session_id`, `metric_seq`
options (
    description = 'One measurement that the source made of a session. Aggregates of the source go by emitted_at, not by when the conversation began.',
    labels = [('application', 'trunkline')]
);
