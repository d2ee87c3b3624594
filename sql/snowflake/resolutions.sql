-- Generated. Table resolutions: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "RESOLUTIONS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "RESOLUTION_SEQ" bigint not null comment 'Place by event time, then the order of the source; from 1.',
    "EVENT_TIME" timestamp_ntz comment 'When it was decided.',
    "QUEUE_ID" varchar comment 'The last queue that handled the conversation.',
    "USER_ID" varchar comment 'The last agent who handled it.',
    "NEXT_CONTACT_AVOIDED" bigint comment 'nNextContactAvoided: 1 if no further contact followed.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "RESOLUTION_SEQ")
)
comment = 'The source''s word on whether a contact was the last about its matter.';
