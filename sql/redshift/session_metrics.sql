-- Generated. Table session_metrics: DDL and merge.
create table if not exists "session_metrics" (
    "conversation_id" varchar(100) not null,
    "participant_id" varchar(100) not null,
    "session_id" varchar(100) not null,
    "metric_seq" bigint not null,
    "name" varchar(100) not null,
    "value" bigint not null,
    "emitted_at" timestamp,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp,
    primary key ("conversation_id", "participant_id", "session_id", "metric_seq")
)
diststyle key distkey("conversation_id") compound sortkey("conversation_id");

comment on table "session_metrics" is 'One measurement that the source made of a session. Aggregates of the source go by emitted_at, not by when the conversation began.';
comment on column "session_metrics"."conversation_id" is 'Conversation.';
comment on column "session_metrics"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "session_metrics"."session_id" is 'Session within the participant; where the source names none, # and its position.';
comment on column "session_metrics"."metric_seq" is 'Place in the session by emit time, then name, then the order of the source; from 1.';
comment on column "session_metrics"."name" is 'Name: t… are milliseconds, n… counts, o… observations.';
comment on column "session_metrics"."value" is 'Value; 0 is measured.';
comment on column "session_metrics"."emitted_at" is 'When it was emitted.';
comment on column "session_metrics"."source_run" is 'The run that made this version of the row.';
comment on column "session_metrics"."observed_at" is 'When the source was asked.';
comment on column "session_metrics"."etl_loaded_at" is 'When this version was written to the warehouse.';
