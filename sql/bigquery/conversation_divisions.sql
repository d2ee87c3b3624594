-- Generated. Table conversation_divisions: DDL and merge.
create table if not exists `conversation_divisions` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `division_id` string not null options (description = 'Division.'),
    `position` int64 not null options (description = 'Place in the order of the source, from 1.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `division_id`) not enforced
)
cluster by `conversation_id`, `division_id`
options (
    description = 'One division that a conversation belongs to; it may belong to several.',
    labels = [('application', 'trunkline')]
);
