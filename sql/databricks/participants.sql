-- Generated. Table participants: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `participants` (
    `conversation_id` string not null comment 'Conversation.',
    `participant_id` string not null comment 'Participant within the conversation; where the source names none, # and its position.',
    `position` bigint not null comment 'Place in the order of the source, from 1; not an order in time.',
    `purpose` string comment 'customer, external, acd, ivr, botflow, agent, user, workflow …',
    `name` string comment 'Name as recorded; of a customer often the caller id, of an agent his name.',
    `user_id` string comment 'User, where it is one.',
    `team_id` string comment 'The user\'s team.',
    `external_contact_id` string comment 'External contact, where it is one.',
    `external_organization_id` string comment 'External organisation.',
    `flagged_reason` string comment 'Why it was flagged.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`conversation_id`, `participant_id`)
)
cluster by (`conversation_id`, `participant_id`)
comment 'One party of a conversation: the customer, a queue, a flow, an agent.';
