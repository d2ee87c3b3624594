-- Generated. Table participant_attributes: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "PARTICIPANT_ATTRIBUTES" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "PARTICIPANT_ID" varchar not null comment 'Participant within the conversation; where the source names none, # and its position.',
    "NAME" varchar not null comment 'Name, as it is spelled.',
    "VALUE" varchar comment 'Value; text always. Flows put there what they like, so it is of every class.',
    "VALUE_TRUNCATED" boolean not null comment 'Whether the value has the 1,024 characters at which the source cuts.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "PARTICIPANT_ID", "NAME")
)
comment = 'One attribute that a flow, a widget or an agent set on a participant.';
