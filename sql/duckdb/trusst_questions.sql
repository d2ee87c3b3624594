-- Generated. Table trusst_questions: DDL and merge.
create table if not exists "trusst_questions" (
    "question_id" varchar not null,
    "question_key" varchar,
    "question_text" varchar,
    "result_type" varchar,
    "is_universal" boolean,
    "is_scored" boolean,
    "question_group" varchar,
    "created_at" timestamp,
    "is_listed" boolean not null,
    "shares_key" boolean not null,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "trusst_questions" is 'A question that Trusst puts to contacts, universal or not.';
comment on column "trusst_questions"."question_id" is 'Trusst''s id of the question.';
comment on column "trusst_questions"."question_key" is 'Key: its short name. Not unique; see shares_key.';
comment on column "trusst_questions"."question_text" is 'The question.';
comment on column "trusst_questions"."result_type" is 'Boolean, Rating, Paragraph, Label or Summary; others are kept.';
comment on column "trusst_questions"."is_universal" is 'Whether it is put to every contact: only answers to universal questions are landed.';
comment on column "trusst_questions"."is_scored" is 'Whether it counts towards a score.';
comment on column "trusst_questions"."question_group" is 'Group.';
comment on column "trusst_questions"."created_at" is 'When it was made.';
comment on column "trusst_questions"."is_listed" is 'Whether Trusst still lists it.';
comment on column "trusst_questions"."shares_key" is 'Whether another listed universal question has the same key: then neither is pivoted under the bare key.';
comment on column "trusst_questions"."source_run" is 'The run that made this version of the row.';
comment on column "trusst_questions"."observed_at" is 'When the source was asked.';
comment on column "trusst_questions"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "trusst_questions"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "question_id",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "question_id" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."question_id",
    received.batch_file,
    received.batch_row,
    case
        when present."question_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "trusst_questions" as present
    on present."question_id" = received."question_id"
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
delete from "trusst_questions"
using merge_plan
where "trusst_questions"."question_id" = merge_plan."question_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "trusst_questions" (
    "question_id",
    "question_key",
    "question_text",
    "result_type",
    "is_universal",
    "is_scored",
    "question_group",
    "created_at",
    "is_listed",
    "shares_key",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."question_id",
    batch."question_key",
    batch."question_text",
    batch."result_type",
    batch."is_universal",
    batch."is_scored",
    batch."question_group",
    batch."created_at",
    batch."is_listed",
    batch."shares_key",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    getvariable('loaded_at')
from read_parquet(getvariable('files'), union_by_name = true) as batch
join merge_plan
    on batch.file_index = merge_plan.batch_file
    and batch.file_row_number = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
