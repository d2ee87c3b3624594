-- Generated. Table queue_visits: DDL and merge.
create table if not exists "queue_visits" (
    "conversation_id" varchar not null,
    "participant_id" varchar not null,
    "session_id" varchar not null,
    "conversation_start" timestamp not null,
    "business_date" varchar not null,
    "business_hour" bigint,
    "offered_at" timestamp,
    "left_at" timestamp,
    "visit_seq" bigint not null,
    "queue_id" varchar,
    "queue_name" varchar,
    "media_type" varchar,
    "outcome" varchar not null,
    "short_abandon" boolean,
    "wait_time_ms" bigint,
    "answer_time_ms" bigint,
    "over_sla" boolean,
    "sla_target_ms" bigint,
    "answered_by" varchar,
    "is_last" boolean not null,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp
);

comment on table "queue_visits" is 'One stay of a conversation in a queue. Figures per queue come from here.';
comment on column "queue_visits"."conversation_id" is 'Conversation.';
comment on column "queue_visits"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "queue_visits"."session_id" is 'Session within the participant; where the source names none, # and its position.';
comment on column "queue_visits"."conversation_start" is 'When the conversation began.';
comment on column "queue_visits"."business_date" is 'Day of the offer in the organisation''s time zone, YYYY-MM-DD; the conversation''s where its time is not known.';
comment on column "queue_visits"."business_hour" is 'Hour of that day, 0 to 23, in the organisation''s time zone; NULL where the time of the offer is not known.';
comment on column "queue_visits"."offered_at" is 'When it entered the queue.';
comment on column "queue_visits"."left_at" is 'When it left it; NULL while it waits.';
comment on column "queue_visits"."visit_seq" is 'Place among the visits of the conversation, from 1.';
comment on column "queue_visits"."queue_id" is 'Queue; NULL if the source names none.';
comment on column "queue_visits"."queue_name" is 'Name of the queue; names of deleted queues are kept.';
comment on column "queue_visits"."media_type" is 'Medium of the session.';
comment on column "queue_visits"."outcome" is 'What became of it: answered, abandoned, flow_out, waiting (not over yet), unknown (nothing was measured).';
comment on column "queue_visits"."short_abandon" is 'Whether it was abandoned sooner than the organisation''s threshold; NULL where nothing was measured.';
comment on column "queue_visits"."wait_time_ms" is 'Time waited: tAnswered, tAbandon or tFlowOut, whichever ended it.';
comment on column "queue_visits"."answer_time_ms" is 'Queue entry to answer (tAnswered); NULL unless it was answered.';
comment on column "queue_visits"."over_sla" is 'Whether it was answered later than the queue''s target; NULL unless it was answered.';
comment on column "queue_visits"."sla_target_ms" is 'The queue''s target now.';
comment on column "queue_visits"."answered_by" is 'The agent who answered.';
comment on column "queue_visits"."is_last" is 'Whether it is the last visit of the conversation.';
comment on column "queue_visits"."source_run" is 'The run that made this version of the row.';
comment on column "queue_visits"."observed_at" is 'When the source was asked.';
comment on column "queue_visits"."etl_loaded_at" is 'When this version was written to the warehouse.';
