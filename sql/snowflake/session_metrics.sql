-- Generated. Table session_metrics: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "SESSION_METRICS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "PARTICIPANT_ID" varchar not null comment 'Participant within the conversation; where the source names none, # and its position.',
    "SESSION_ID" varchar not null comment 'Session within the participant; where the source names none, # and its position.',
    "METRIC_SEQ" bigint not null comment 'Place in the session by emit time, then name, then the order of the source; from 1.',
    "NAME" varchar not null comment 'Name: t… are milliseconds, n… counts, o… observations.',
    "VALUE" bigint not null comment 'Value; 0 is measured.',
    "EMITTED_AT" timestamp_ntz comment 'When it was emitted.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "PARTICIPANT_ID", "SESSION_ID", "METRIC_SEQ")
)
comment = 'One measurement that the source made of a session. Aggregates of the source go by emitted_at, not by when the conversation began.';
