-- Generated. Table etl_checks: DDL and merge.
create table if not exists "etl_checks" (
    "run_id" varchar not null,
    "check_id" varchar not null,
    "scope" varchar not null,
    "severity" varchar not null,
    "status" varchar not null,
    "observed" double,
    "threshold" double,
    "message" varchar not null,
    "checked_at" timestamp not null
);

comment on table "etl_checks" is 'The outcome of one check in one run.';
comment on column "etl_checks"."run_id" is 'The run.';
comment on column "etl_checks"."check_id" is 'The check, for example join_rate.';
comment on column "etl_checks"."scope" is 'What it looked at: a table, a day, a queue.';
comment on column "etl_checks"."severity" is 'warn or gate.';
comment on column "etl_checks"."status" is 'pass, fail, or waived.';
comment on column "etl_checks"."observed" is 'What was measured.';
comment on column "etl_checks"."threshold" is 'What it is held against.';
comment on column "etl_checks"."message" is 'One sentence for a person.';
comment on column "etl_checks"."checked_at" is 'When it was made.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "run_id",
        "check_id",
        "scope",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "run_id", "check_id", "scope" order by file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."run_id",
    received."check_id",
    received."scope",
    received.batch_file,
    received.batch_row,
    case
        when present."run_id" is null then 'insert'
        else 'update'
    end as action
from received
left join "etl_checks" as present
    on present."run_id" = received."run_id"
    and present."check_id" = received."check_id"
    and present."scope" = received."scope"
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
delete from "etl_checks"
using merge_plan
where "etl_checks"."run_id" = merge_plan."run_id"
    and "etl_checks"."check_id" = merge_plan."check_id"
    and "etl_checks"."scope" = merge_plan."scope"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "etl_checks" (
    "run_id",
    "check_id",
    "scope",
    "severity",
    "status",
    "observed",
    "threshold",
    "message",
    "checked_at"
)
select
    batch."run_id",
    batch."check_id",
    batch."scope",
    batch."severity",
    batch."status",
    batch."observed",
    batch."threshold",
    batch."message",
    batch."checked_at"
from read_parquet(getvariable('files'), union_by_name = true) as batch
join merge_plan
    on batch.file_index = merge_plan.batch_file
    and batch.file_row_number = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
