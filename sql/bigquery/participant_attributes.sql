-- Generated. Table participant_attributes: DDL and merge.
create table if not exists `participant_attributes` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `participant_id` string not null options (description = 'Participant within the conversation; where the source names none, # and its position.'),
    `name` string not null options (description = 'Name, as it is spelled.'),
    `value` string options (description = 'Value; text always. Flows put there what they like, so it is of every class.'),
    `value_truncated` bool not null options (description = 'Whether the value has the 1,024 characters at which the source cuts.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `participant_id`, `name`) not enforced
)
cluster by `conversation_id`, `participant_id`, `name`
options (
    description = 'One attribute that a flow, a widget or an agent set on a participant.',
    labels = [('application', 'trunkline')]
);
