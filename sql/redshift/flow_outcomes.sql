-- Generated. Table flow_outcomes: DDL and merge.
create table if not exists "flow_outcomes" (
    "conversation_id" varchar(100) not null,
    "participant_id" varchar(100) not null,
    "session_id" varchar(100) not null,
    "outcome_seq" bigint not null,
    "flow_outcome_id" varchar(100),
    "outcome_value" varchar(50),
    "started_at" timestamp,
    "ended_at" timestamp,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp,
    primary key ("conversation_id", "participant_id", "session_id", "outcome_seq")
)
diststyle key distkey("conversation_id") compound sortkey("conversation_id");

comment on table "flow_outcomes" is 'One outcome that a flow recorded.';
comment on column "flow_outcomes"."conversation_id" is 'Conversation.';
comment on column "flow_outcomes"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "flow_outcomes"."session_id" is 'Session within the participant; where the source names none, # and its position.';
comment on column "flow_outcomes"."outcome_seq" is 'Place in the session by begin, then id, then the order of the source; from 1.';
comment on column "flow_outcomes"."flow_outcome_id" is 'Outcome.';
comment on column "flow_outcomes"."outcome_value" is 'SUCCESS or FAILURE.';
comment on column "flow_outcomes"."started_at" is 'When the flow began on it.';
comment on column "flow_outcomes"."ended_at" is 'When it was reached; may be unknown after a failure.';
comment on column "flow_outcomes"."source_run" is 'The run that made this version of the row.';
comment on column "flow_outcomes"."observed_at" is 'When the source was asked.';
comment on column "flow_outcomes"."etl_loaded_at" is 'When this version was written to the warehouse.';
