-- Generated. Table trusst_questions: DDL and merge.
create table if not exists "trusst_questions" (
    "question_id" text collate "C" not null,
    "question_key" text collate "C",
    "question_text" text collate "C",
    "result_type" text collate "C",
    "is_universal" boolean,
    "is_scored" boolean,
    "question_group" text collate "C",
    "created_at" timestamp,
    "is_listed" boolean not null,
    "shares_key" boolean not null,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "trusst_questions" add primary key ("question_id");

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
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "question_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "question_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
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

-- analyze
analyze merge_plan;

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

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
    (select cast(current_setting('trunkline.loaded_at') as timestamp))
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("question_id") do update set
    "question_key" = excluded."question_key",
    "question_text" = excluded."question_text",
    "result_type" = excluded."result_type",
    "is_universal" = excluded."is_universal",
    "is_scored" = excluded."is_scored",
    "question_group" = excluded."question_group",
    "created_at" = excluded."created_at",
    "is_listed" = excluded."is_listed",
    "shares_key" = excluded."shares_key",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
