-- Generated. Table surveys: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "SURVEYS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "SURVEY_ID" varchar not null comment 'Survey.',
    "STATUS" varchar comment 'Pending, Sent, InProgress, Finished, OptOut, Error, Expired …',
    "SURVEY_TYPE" varchar comment 'Web or Voice.',
    "EVENT_TIME" timestamp_ntz comment 'When it last changed.',
    "COMPLETED_AT" timestamp_ntz comment 'When the customer finished it.',
    "IS_PARTIAL" boolean comment 'Whether it was answered only in part.',
    "USER_ID" varchar comment 'The agent whom it is about.',
    "QUEUE_ID" varchar comment 'Queue.',
    "FORM_ID" varchar comment 'Form, in one version.',
    "FORM_CONTEXT_ID" varchar comment 'Form across its versions.',
    "FORM_NAME" varchar comment 'Name of the form.',
    "PROMOTER_SCORE" bigint comment 'Promoter score, 0 to 10.',
    "TOTAL_SCORE" double comment 'Total score, as received; 0 is a score.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "SURVEY_ID")
)
comment = 'One survey sent to the customer of a conversation.';
