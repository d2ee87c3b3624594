-- Generated. Table surveys: DDL and merge.
create table if not exists "surveys" (
    "conversation_id" varchar not null,
    "survey_id" varchar not null,
    "status" varchar,
    "survey_type" varchar,
    "event_time" timestamp,
    "completed_at" timestamp,
    "is_partial" boolean,
    "user_id" varchar,
    "queue_id" varchar,
    "form_id" varchar,
    "form_context_id" varchar,
    "form_name" varchar,
    "promoter_score" bigint,
    "total_score" double,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp
);

comment on table "surveys" is 'One survey sent to the customer of a conversation.';
comment on column "surveys"."conversation_id" is 'Conversation.';
comment on column "surveys"."survey_id" is 'Survey.';
comment on column "surveys"."status" is 'Pending, Sent, InProgress, Finished, OptOut, Error, Expired …';
comment on column "surveys"."survey_type" is 'Web or Voice.';
comment on column "surveys"."event_time" is 'When it last changed.';
comment on column "surveys"."completed_at" is 'When the customer finished it.';
comment on column "surveys"."is_partial" is 'Whether it was answered only in part.';
comment on column "surveys"."user_id" is 'The agent whom it is about.';
comment on column "surveys"."queue_id" is 'Queue.';
comment on column "surveys"."form_id" is 'Form, in one version.';
comment on column "surveys"."form_context_id" is 'Form across its versions.';
comment on column "surveys"."form_name" is 'Name of the form.';
comment on column "surveys"."promoter_score" is 'Promoter score, 0 to 10.';
comment on column "surveys"."total_score" is 'Total score, as received; 0 is a score.';
comment on column "surveys"."source_run" is 'The run that made this version of the row.';
comment on column "surveys"."observed_at" is 'When the source was asked.';
comment on column "surveys"."etl_loaded_at" is 'When this version was written to the warehouse.';
