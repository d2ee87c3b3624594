-- Generated. Table segments: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "SEGMENTS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "PARTICIPANT_ID" varchar not null comment 'Participant within the conversation; where the source names none, # and its position.',
    "SESSION_ID" varchar not null comment 'Session within the participant; where the source names none, # and its position.',
    "SEGMENT_SEQ" bigint not null comment 'Place in the session by begin, then type, then the order of the source; from 1.',
    "STARTED_AT" timestamp_ntz comment 'When it began.',
    "ENDED_AT" timestamp_ntz comment 'When it ended; NULL while it runs.',
    "SEGMENT_TYPE" varchar comment 'alert, contacting, dialing, interact, hold, wrapup, ivr, delay …',
    "QUEUE_ID" varchar comment 'Queue on whose account it was.',
    "DISCONNECT_TYPE" varchar comment 'How it ended (peer, client, endpoint, transfer …).',
    "WRAPUP_CODE" varchar comment 'Wrap-up code.',
    "WRAPUP_NOTE" varchar comment 'The agent''s note.',
    "CONFERENCE" boolean comment 'Whether it was part of a conference.',
    "ERROR_CODE" varchar comment 'Error of the medium.',
    "SUBJECT" varchar comment 'Subject of the e-mail.',
    "REQUESTED_LANGUAGE_ID" varchar comment 'Language that was asked for.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "PARTICIPANT_ID", "SESSION_ID", "SEGMENT_SEQ")
)
comment = 'One stretch of a session: ringing, talking, on hold, wrapping up.';
