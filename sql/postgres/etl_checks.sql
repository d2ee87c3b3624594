-- Generated. Table etl_checks: DDL and merge.
create table if not exists "etl_checks" (
    "run_id" text not null,
    "check_id" text not null,
    "scope" text not null,
    "severity" text not null,
    "status" text not null,
    "observed" double precision,
    "threshold" double precision,
    "message" text not null,
    "checked_at" timestamp not null
);

comment on table "etl_checks" is 'Check is the outcome of one check in one run.';
comment on column "etl_checks"."run_id" is 'The run.';
comment on column "etl_checks"."check_id" is 'The check, for example join_rate.';
comment on column "etl_checks"."scope" is 'What it looked at: a table, a day, a queue.';
comment on column "etl_checks"."severity" is 'warn or gate.';
comment on column "etl_checks"."status" is 'pass, fail, or waived.';
comment on column "etl_checks"."observed" is 'What was measured.';
comment on column "etl_checks"."threshold" is 'What it is held against.';
comment on column "etl_checks"."message" is 'One sentence for a person.';
comment on column "etl_checks"."checked_at" is 'When it was made.';
