-- Generated. Table participants: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "PARTICIPANTS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "PARTICIPANT_ID" varchar not null comment 'Participant within the conversation; where the source names none, # and its position.',
    "POSITION" bigint not null comment 'Place in the order of the source, from 1; not an order in time.',
    "PURPOSE" varchar comment 'customer, external, acd, ivr, botflow, agent, user, workflow …',
    "NAME" varchar comment 'Name as recorded; of a customer often the caller id, of an agent his name.',
    "USER_ID" varchar comment 'User, where it is one.',
    "TEAM_ID" varchar comment 'The user''s team.',
    "EXTERNAL_CONTACT_ID" varchar comment 'External contact, where it is one.',
    "EXTERNAL_ORGANIZATION_ID" varchar comment 'External organisation.',
    "FLAGGED_REASON" varchar comment 'Why it was flagged.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "PARTICIPANT_ID")
)
comment = 'One party of a conversation: the customer, a queue, a flow, an agent.';
