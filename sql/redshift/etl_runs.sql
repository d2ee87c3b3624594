-- Generated. Table etl_runs: DDL and merge.
create table if not exists "etl_runs" (
    "run_id" varchar(100) not null,
    "step" varchar(200) not null,
    "interval_start" timestamp,
    "interval_end" timestamp,
    "status" varchar(50) not null,
    "started_at" timestamp not null,
    "ended_at" timestamp not null,
    "rows_in" bigint,
    "rows_out" bigint,
    "rows_rejected" bigint,
    "bytes" bigint,
    "api_calls" bigint,
    "api_retries" bigint,
    "throttled_ms" bigint,
    "code_version" varchar(100) not null,
    "manifest" varchar(65535) not null,
    primary key ("run_id", "step")
)
diststyle all compound sortkey("run_id", "step");

comment on table "etl_runs" is 'One finished step of one run.';
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

-- received
select count(*)
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "run_id",
        "step",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "run_id", "step" order by batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."run_id",
    received."step",
    received.batch_file,
    received.batch_row,
    case
        when present."run_id" is null then 'insert'
        else 'update'
    end as action
from received
left join "etl_runs" as present
    on present."run_id" = received."run_id"
    and present."step" = received."step"
where received.version = 1;

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- delete
delete from "etl_runs"
using merge_plan
where "etl_runs"."run_id" = merge_plan."run_id"
    and "etl_runs"."step" = merge_plan."step"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "etl_runs" (
    "run_id",
    "step",
    "interval_start",
    "interval_end",
    "status",
    "started_at",
    "ended_at",
    "rows_in",
    "rows_out",
    "rows_rejected",
    "bytes",
    "api_calls",
    "api_retries",
    "throttled_ms",
    "code_version",
    "manifest"
)
select
    batch."run_id",
    batch."step",
    batch."interval_start",
    batch."interval_end",
    batch."status",
    batch."started_at",
    batch."ended_at",
    batch."rows_in",
    batch."rows_out",
    batch."rows_rejected",
    batch."bytes",
    batch."api_calls",
    batch."api_retries",
    batch."throttled_ms",
    batch."code_version",
    batch."manifest"
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
