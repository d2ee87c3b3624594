-- Generated. Table source_aggregates: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "SOURCE_AGGREGATES" (
    "INTERVAL_START" timestamp_ntz not null comment 'Begin of the interval, UTC.',
    "INTERVAL_END" timestamp_ntz not null comment 'End of the interval, UTC, exclusive.',
    "QUEUE_ID" varchar not null comment 'Queue; empty when the group has none.',
    "MEDIA_TYPE" varchar not null comment 'Medium; empty when the group has none.',
    "METRIC" varchar not null comment 'Metric (nOffered, tAnswered, tHandle …).',
    "COUNT" bigint comment 'How often it was emitted; of n-metrics the sum of the counts.',
    "SUM" bigint comment 'Sum of a t-metric in ms.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("INTERVAL_START", "INTERVAL_END", "QUEUE_ID", "MEDIA_TYPE", "METRIC")
)
comment = 'What Genesys itself counts for one queue, medium and interval: the other side of a reconciliation. Aggregates are stamped by the time a metric was emitted, not by the conversation''s start.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "INTERVAL_START",
        "INTERVAL_END",
        "QUEUE_ID",
        "MEDIA_TYPE",
        "METRIC",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "INTERVAL_START", "INTERVAL_END", "QUEUE_ID", "MEDIA_TYPE", "METRIC" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."INTERVAL_START",
    received."INTERVAL_END",
    received."QUEUE_ID",
    received."MEDIA_TYPE",
    received."METRIC",
    received.batch_file,
    received.batch_row,
    case
        when present."INTERVAL_START" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "SOURCE_AGGREGATES" as present
    on present."INTERVAL_START" = received."INTERVAL_START"
    and present."INTERVAL_END" = received."INTERVAL_END"
    and present."QUEUE_ID" = received."QUEUE_ID"
    and present."MEDIA_TYPE" = received."MEDIA_TYPE"
    and present."METRIC" = received."METRIC"
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
delete from "SOURCE_AGGREGATES"
using merge_plan
where "SOURCE_AGGREGATES"."INTERVAL_START" = merge_plan."INTERVAL_START"
    and "SOURCE_AGGREGATES"."INTERVAL_END" = merge_plan."INTERVAL_END"
    and "SOURCE_AGGREGATES"."QUEUE_ID" = merge_plan."QUEUE_ID"
    and "SOURCE_AGGREGATES"."MEDIA_TYPE" = merge_plan."MEDIA_TYPE"
    and "SOURCE_AGGREGATES"."METRIC" = merge_plan."METRIC"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "SOURCE_AGGREGATES" (
    "INTERVAL_START",
    "INTERVAL_END",
    "QUEUE_ID",
    "MEDIA_TYPE",
    "METRIC",
    "COUNT",
    "SUM",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."INTERVAL_START",
    batch."INTERVAL_END",
    batch."QUEUE_ID",
    batch."MEDIA_TYPE",
    batch."METRIC",
    batch."COUNT",
    batch."SUM",
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
