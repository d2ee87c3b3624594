-- Generated. Table etl_rejects: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "ETL_REJECTS" (
    "RUN_ID" varchar not null comment 'The run that met it.',
    "SOURCE" varchar not null comment 'Extractor, for example genesys.',
    "ENTITY" varchar not null comment 'Stream, for example conversations.',
    "NATURAL_KEY" varchar not null comment 'The record''s key in its stream; where it had none, the hash of its payload.',
    "REASON_CODE" varchar not null comment 'Machine-readable reason: missing_id, bad_date, wrong_type, bad_json …',
    "MESSAGE" varchar not null comment 'What was wrong: field, value and what would have been right.',
    "PAYLOAD_REF" varchar not null comment 'Where the payload is: file and line in the run store.',
    "SEEN_AT" timestamp_ntz not null comment 'When it was met: the time at which the source was asked.',
    "RESOLVED_AT" timestamp_ntz comment 'When its run''s transform was done again and no longer rejected it; NULL while it is open.',
    primary key ("RUN_ID", "SOURCE", "ENTITY", "NATURAL_KEY")
)
comment = 'A record that could not become a row, with its reason. Its payload stays in the run folder.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "RUN_ID",
        "SOURCE",
        "ENTITY",
        "NATURAL_KEY",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "RUN_ID", "SOURCE", "ENTITY", "NATURAL_KEY" order by batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."RUN_ID",
    received."SOURCE",
    received."ENTITY",
    received."NATURAL_KEY",
    received.batch_file,
    received.batch_row,
    case
        when present."RUN_ID" is null then 'insert'
        else 'update'
    end as action
from received
left join "ETL_REJECTS" as present
    on present."RUN_ID" = received."RUN_ID"
    and present."SOURCE" = received."SOURCE"
    and present."ENTITY" = received."ENTITY"
    and present."NATURAL_KEY" = received."NATURAL_KEY"
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
delete from "ETL_REJECTS"
using merge_plan
where "ETL_REJECTS"."RUN_ID" = merge_plan."RUN_ID"
    and "ETL_REJECTS"."SOURCE" = merge_plan."SOURCE"
    and "ETL_REJECTS"."ENTITY" = merge_plan."ENTITY"
    and "ETL_REJECTS"."NATURAL_KEY" = merge_plan."NATURAL_KEY"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "ETL_REJECTS" (
    "RUN_ID",
    "SOURCE",
    "ENTITY",
    "NATURAL_KEY",
    "REASON_CODE",
    "MESSAGE",
    "PAYLOAD_REF",
    "SEEN_AT",
    "RESOLVED_AT"
)
select
    batch."RUN_ID",
    batch."SOURCE",
    batch."ENTITY",
    batch."NATURAL_KEY",
    batch."REASON_CODE",
    batch."MESSAGE",
    batch."PAYLOAD_REF",
    batch."SEEN_AT",
    batch."RESOLVED_AT"
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
