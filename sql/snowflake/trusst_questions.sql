-- Generated. Table trusst_questions: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "TRUSST_QUESTIONS" (
    "QUESTION_ID" varchar not null comment 'Trusst''s id of the question.',
    "QUESTION_KEY" varchar comment 'Key: its short name. Not unique; see shares_key.',
    "QUESTION_TEXT" varchar comment 'The question.',
    "RESULT_TYPE" varchar comment 'Boolean, Rating, Paragraph, Label or Summary; others are kept.',
    "IS_UNIVERSAL" boolean comment 'Whether it is put to every contact: only answers to universal questions are landed.',
    "IS_SCORED" boolean comment 'Whether it counts towards a score.',
    "QUESTION_GROUP" varchar comment 'Group.',
    "CREATED_AT" timestamp_ntz comment 'When it was made.',
    "IS_LISTED" boolean not null comment 'Whether Trusst still lists it.',
    "SHARES_KEY" boolean not null comment 'Whether another listed universal question has the same key: then neither is pivoted under the bare key.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("QUESTION_ID")
)
comment = 'A question that Trusst puts to contacts, universal or not.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "QUESTION_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "QUESTION_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."QUESTION_ID",
    received.batch_file,
    received.batch_row,
    case
        when present."QUESTION_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "TRUSST_QUESTIONS" as present
    on present."QUESTION_ID" = received."QUESTION_ID"
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
delete from "TRUSST_QUESTIONS"
using merge_plan
where "TRUSST_QUESTIONS"."QUESTION_ID" = merge_plan."QUESTION_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "TRUSST_QUESTIONS" (
    "QUESTION_ID",
    "QUESTION_KEY",
    "QUESTION_TEXT",
    "RESULT_TYPE",
    "IS_UNIVERSAL",
    "IS_SCORED",
    "QUESTION_GROUP",
    "CREATED_AT",
    "IS_LISTED",
    "SHARES_KEY",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."QUESTION_ID",
    batch."QUESTION_KEY",
    batch."QUESTION_TEXT",
    batch."RESULT_TYPE",
    batch."IS_UNIVERSAL",
    batch."IS_SCORED",
    batch."QUESTION_GROUP",
    batch."CREATED_AT",
    batch."IS_LISTED",
    batch."SHARES_KEY",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
