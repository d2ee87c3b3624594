-- Generated. Table queue_visits: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "QUEUE_VISITS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "PARTICIPANT_ID" varchar not null comment 'Participant within the conversation; where the source names none, # and its position.',
    "SESSION_ID" varchar not null comment 'Session within the participant; where the source names none, # and its position.',
    "CONVERSATION_START" timestamp_ntz not null comment 'When the conversation began.',
    "BUSINESS_DATE" varchar not null comment 'Day of the offer in the organisation''s time zone, YYYY-MM-DD; the conversation''s where its time is not known.',
    "BUSINESS_HOUR" bigint comment 'Hour of that day, 0 to 23, in the organisation''s time zone; NULL where the time of the offer is not known.',
    "OFFERED_AT" timestamp_ntz comment 'When it entered the queue.',
    "LEFT_AT" timestamp_ntz comment 'When it left it; NULL while it waits.',
    "VISIT_SEQ" bigint not null comment 'Place among the visits of the conversation, from 1.',
    "QUEUE_ID" varchar comment 'Queue; NULL if the source names none.',
    "QUEUE_NAME" varchar comment 'Name of the queue; names of deleted queues are kept.',
    "MEDIA_TYPE" varchar comment 'Medium of the session.',
    "OUTCOME" varchar not null comment 'What became of it: answered, abandoned, flow_out, waiting (not over yet), unknown (nothing was measured).',
    "SHORT_ABANDON" boolean comment 'Whether it was abandoned sooner than the organisation''s threshold; NULL where nothing was measured.',
    "WAIT_TIME_MS" bigint comment 'Time waited: tAnswered, tAbandon or tFlowOut, whichever ended it.',
    "ANSWER_TIME_MS" bigint comment 'Queue entry to answer (tAnswered); NULL unless it was answered.',
    "OVER_SLA" boolean comment 'Whether it was answered later than the queue''s target; NULL unless it was answered.',
    "SLA_TARGET_MS" bigint comment 'The queue''s target now.',
    "ANSWERED_BY" varchar comment 'The agent who answered.',
    "IS_LAST" boolean not null comment 'Whether it is the last visit of the conversation.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "PARTICIPANT_ID", "SESSION_ID")
)
cluster by (to_date("CONVERSATION_START"))
comment = 'One stay of a conversation in a queue. Figures per queue come from here.';
