-- Generated. Table evaluations: DDL and merge.
create table if not exists "evaluations" (
    "conversation_id" varchar not null,
    "evaluation_id" varchar not null,
    "status" varchar,
    "event_time" timestamp,
    "user_id" varchar,
    "evaluator_id" varchar,
    "assignee_id" varchar,
    "queue_id" varchar,
    "form_id" varchar,
    "form_name" varchar,
    "context_id" varchar,
    "calibration_id" varchar,
    "released" boolean,
    "rescored" boolean,
    "deleted" boolean,
    "total_score" double,
    "total_critical_score" double,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp
);

comment on table "evaluations" is 'One evaluation of an agent in a conversation, deleted, retracted and calibration ones included.';
comment on column "evaluations"."conversation_id" is 'Conversation.';
comment on column "evaluations"."evaluation_id" is 'Evaluation.';
comment on column "evaluations"."status" is 'Pending, InProgress, InReview, Finished or Retracted.';
comment on column "evaluations"."event_time" is 'When it last changed.';
comment on column "evaluations"."user_id" is 'The agent who is evaluated.';
comment on column "evaluations"."evaluator_id" is 'Who evaluates.';
comment on column "evaluations"."assignee_id" is 'Who is to evaluate.';
comment on column "evaluations"."queue_id" is 'Queue.';
comment on column "evaluations"."form_id" is 'Form, in one version.';
comment on column "evaluations"."form_name" is 'Name of the form.';
comment on column "evaluations"."context_id" is 'Form across its versions.';
comment on column "evaluations"."calibration_id" is 'Calibration that it is part of; such evaluations do not count.';
comment on column "evaluations"."released" is 'Whether the agent may see it.';
comment on column "evaluations"."rescored" is 'Whether it was scored again.';
comment on column "evaluations"."deleted" is 'Whether it was deleted.';
comment on column "evaluations"."total_score" is 'Total score, as received.';
comment on column "evaluations"."total_critical_score" is 'Score of the critical questions, as received.';
comment on column "evaluations"."source_run" is 'The run that made this version of the row.';
comment on column "evaluations"."observed_at" is 'When the source was asked.';
comment on column "evaluations"."etl_loaded_at" is 'When this version was written to the warehouse.';
