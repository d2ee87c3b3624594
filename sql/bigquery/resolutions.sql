-- Generated. Table resolutions: DDL and merge.
create table if not exists `resolutions` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `resolution_seq` int64 not null options (description = 'Place by event time, then the order of the source; from 1.'),
    `event_time` timestamp options (description = 'When it was decided.'),
    `queue_id` string options (description = 'The last queue that handled the conversation.'),
    `user_id` string options (description = 'The last agent who handled it.'),
    `next_contact_avoided` int64 options (description = 'nNextContactAvoided: 1 if no further contact followed.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `resolution_seq`) not enforced
)
cluster by `conversation_id`, `resolution_seq`
options (
    description = 'The source\'s word on whether a contact was the last about its matter.',
    labels = [('application', 'trunkline')]
);
