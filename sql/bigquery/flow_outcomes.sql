-- Generated. Table flow_outcomes: DDL and merge.
create table if not exists `flow_outcomes` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `participant_id` string not null options (description = 'Participant within the conversation; where the source names none, # and its position.'),
    `session_id` string not null options (description = 'Session within the participant; where the source names none, # and its position.'),
    `outcome_seq` int64 not null options (description = 'Place in the session by begin, then id, then the order of the source; from 1.'),
    `flow_outcome_id` string options (description = 'Outcome.'),
    `outcome_value` string options (description = 'SUCCESS or FAILURE.'),
    `started_at` timestamp options (description = 'When the flow began on it.'),
    `ended_at` timestamp options (description = 'When it was reached; may be unknown after a failure.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `participant_id`, `session_id`, `outcome_seq`) not enforced
)
cluster by `conversation_id`, `participant_id`, `session_id`, `outcome_seq`
options (
    description = 'One outcome that a flow recorded.',
    labels = [('application', 'trunkline')]
);
