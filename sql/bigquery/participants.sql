-- Generated. Table participants: DDL and merge.
create table if not exists `participants` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `participant_id` string not null options (description = 'Participant within the conversation; where the source names none, # and its position.'),
    `position` int64 not null options (description = 'Place in the order of the source, from 1; not an order in time.'),
    `purpose` string options (description = 'customer, external, acd, ivr, botflow, agent, user, workflow …'),
    `name` string options (description = 'Name as recorded; of a customer often the caller id, of an agent his name.'),
    `user_id` string options (description = 'User, where it is one.'),
    `team_id` string options (description = 'The user\'s team.'),
    `external_contact_id` string options (description = 'External contact, where it is one.'),
    `external_organization_id` string options (description = 'External organisation.'),
    `flagged_reason` string options (description = 'Why it was flagged.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `participant_id`) not enforced
)
cluster by `conversation_id`, `participant_id`
options (
    description = 'One party of a conversation: the customer, a queue, a flow, an agent.',
    labels = [('application', 'trunkline')]
);
