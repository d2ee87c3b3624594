-- Generated. Table etl_watermarks: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "ETL_WATERMARKS" (
    "SOURCE" varchar not null comment 'Extractor, for example salesforce.',
    "ENTITY" varchar not null comment 'Stream, for example accounts.',
    "WATERMARK" timestamp_ntz comment 'Everything up to here, by the source''s clock, is loaded.',
    "RUN_ID" varchar not null comment 'The run that moved it.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    primary key ("SOURCE", "ENTITY")
)
comment = 'Watermark tells how far a stream has been read and loaded.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "SOURCE",
        "ENTITY",
        "OBSERVED_AT",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "SOURCE", "ENTITY" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."SOURCE",
    received."ENTITY",
    received.batch_file,
    received.batch_row,
    case
        when present."SOURCE" is null then 'insert'
        when received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "ETL_WATERMARKS" as present
    on present."SOURCE" = received."SOURCE"
    and present."ENTITY" = received."ENTITY"
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
delete from "ETL_WATERMARKS"
using merge_plan
where "ETL_WATERMARKS"."SOURCE" = merge_plan."SOURCE"
    and "ETL_WATERMARKS"."ENTITY" = merge_plan."ENTITY"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "ETL_WATERMARKS" (
    "SOURCE",
    "ENTITY",
    "WATERMARK",
    "RUN_ID",
    "OBSERVED_AT"
)
select
    batch."SOURCE",
    batch."ENTITY",
    batch."WATERMARK",
    batch."RUN_ID",
    batch."OBSERVED_AT"
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
