-- Generated. Table etl_runs: DDL and merge.
create table if not exists "etl_runs" (
    "run_id" text not null,
    "step" text not null,
    "interval_start" timestamp,
    "interval_end" timestamp,
    "status" text not null,
    "started_at" timestamp not null,
    "ended_at" timestamp not null,
    "rows_in" bigint,
    "rows_out" bigint,
    "rows_rejected" bigint,
    "bytes" bigint,
    "api_calls" bigint,
    "api_retries" bigint,
    "throttled_ms" bigint,
    "code_version" text not null,
    "manifest" text not null
);

comment on table "etl_runs" is 'RunStep is one finished step of one run.';
comment on column "etl_runs"."run_id" is 'The run: flow and begin of its window.';
comment on column "etl_runs"."step" is 'The step within the run, for example extract/genesys.conversations.';
comment on column "etl_runs"."interval_start" is 'Begin of the window that the step read.';
comment on column "etl_runs"."interval_end" is 'End of the window, exclusive.';
comment on column "etl_runs"."status" is 'done, or the error''s code.';
comment on column "etl_runs"."started_at" is 'When the step was started (the attempt that finished it).';
comment on column "etl_runs"."ended_at" is 'When it was finished.';
comment on column "etl_runs"."rows_in" is 'Records or rows read.';
comment on column "etl_runs"."rows_out" is 'Records or rows written.';
comment on column "etl_runs"."rows_rejected" is 'Rows rejected.';
comment on column "etl_runs"."bytes" is 'Bytes written.';
comment on column "etl_runs"."api_calls" is 'Calls made to the source.';
comment on column "etl_runs"."api_retries" is 'Calls that had to be repeated.';
comment on column "etl_runs"."throttled_ms" is 'Time spent waiting for the source''s rate limit, in ms.';
comment on column "etl_runs"."code_version" is 'Version of trunkline.';
comment on column "etl_runs"."manifest" is 'The step''s manifest, as JSON.';
