-- Generated. Table conversation_divisions: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "CONVERSATION_DIVISIONS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "DIVISION_ID" varchar not null comment 'Division.',
    "POSITION" bigint not null comment 'Place in the order of the source, from 1.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "DIVISION_ID")
)
comment = 'One division that a conversation belongs to; it may belong to several.';
