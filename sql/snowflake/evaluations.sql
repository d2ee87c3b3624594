-- Generated. Table evaluations: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "EVALUATIONS" (
    "CONVERSATION_ID" varchar not null comment 'Conversation.',
    "EVALUATION_ID" varchar not null comment 'Evaluation.',
    "STATUS" varchar comment 'Pending, InProgress, InReview, Finished or Retracted.',
    "EVENT_TIME" timestamp_ntz comment 'When it last changed.',
    "USER_ID" varchar comment 'The agent who is evaluated.',
    "EVALUATOR_ID" varchar comment 'Who evaluates.',
    "ASSIGNEE_ID" varchar comment 'Who is to evaluate.',
    "QUEUE_ID" varchar comment 'Queue.',
    "FORM_ID" varchar comment 'Form, in one version.',
    "FORM_NAME" varchar comment 'Name of the form.',
    "CONTEXT_ID" varchar comment 'Form across its versions.',
    "CALIBRATION_ID" varchar comment 'Calibration that it is part of; such evaluations do not count.',
    "RELEASED" boolean comment 'Whether the agent may see it.',
    "RESCORED" boolean comment 'Whether it was scored again.',
    "DELETED" boolean comment 'Whether it was deleted.',
    "TOTAL_SCORE" double comment 'Total score, as received.',
    "TOTAL_CRITICAL_SCORE" double comment 'Score of the critical questions, as received.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID", "EVALUATION_ID")
)
comment = 'One evaluation of an agent in a conversation, deleted, retracted and calibration ones included.';
