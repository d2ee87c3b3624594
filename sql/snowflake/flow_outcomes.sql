-- Generated. Table flow_outcomes: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "FLOW_OUTCOMES" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "PARTICIPANT_ID" varchar not null comment 'Participant within the conversation; where the source names none, # and its position.',
    "SESSION_ID" varchar not null comment 'Session within the participant; where the source names none, # and its position.',
    "OUTCOME_SEQ" bigint not null comment 'Place in the session by begin, then id, then the order of the source; from 1.',
    "FLOW_OUTCOME_ID" varchar comment 'Outcome.',
    "OUTCOME_VALUE" varchar comment 'SUCCESS or FAILURE.',
    "STARTED_AT" timestamp_ntz comment 'When the flow began on it.',
    "ENDED_AT" timestamp_ntz comment 'When it was reached; may be unknown after a failure.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "PARTICIPANT_ID", "SESSION_ID", "OUTCOME_SEQ")
)
comment = 'One outcome that a flow recorded.';
