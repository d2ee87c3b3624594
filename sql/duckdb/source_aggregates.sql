-- Generated. Table source_aggregates: DDL and merge.
create table if not exists "source_aggregates" (
    "interval_start" timestamp not null,
    "interval_end" timestamp not null,
    "queue_id" varchar not null,
    "media_type" varchar not null,
    "metric" varchar not null,
    "count" bigint,
    "sum" bigint,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "source_aggregates" is 'What Genesys itself counts for one queue, medium and interval: the other side of a reconciliation. Aggregates are stamped by the time a metric was emitted, not by the conversation''s start.';
comment on column "source_aggregates"."interval_start" is 'Begin of the interval, UTC.';
comment on column "source_aggregates"."interval_end" is 'End of the interval, UTC, exclusive.';
comment on column "source_aggregates"."queue_id" is 'Queue; empty when the group has none.';
comment on column "source_aggregates"."media_type" is 'Medium; empty when the group has none.';
comment on column "source_aggregates"."metric" is 'Metric (nOffered, tAnswered, tHandle …).';
comment on column "source_aggregates"."count" is 'How often it was emitted; of n-metrics the sum of the counts.';
comment on column "source_aggregates"."sum" is 'Sum of a t-metric in ms.';
comment on column "source_aggregates"."source_run" is 'The run that made this version of the row.';
comment on column "source_aggregates"."observed_at" is 'When the source was asked.';
comment on column "source_aggregates"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "source_aggregates"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "interval_start",
        "interval_end",
        "queue_id",
        "media_type",
        "metric",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "interval_start", "interval_end", "queue_id", "media_type", "metric" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."interval_start",
    received."interval_end",
    received."queue_id",
    received."media_type",
    received."metric",
    received.batch_file,
    received.batch_row,
    case
        when present."interval_start" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "source_aggregates" as present
    on present."interval_start" = received."interval_start"
    and present."interval_end" = received."interval_end"
    and present."queue_id" = received."queue_id"
    and present."media_type" = received."media_type"
    and present."metric" = received."metric"
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
delete from "source_aggregates"
using merge_plan
where "source_aggregates"."interval_start" = merge_plan."interval_start"
    and "source_aggregates"."interval_end" = merge_plan."interval_end"
    and "source_aggregates"."queue_id" = merge_plan."queue_id"
    and "source_aggregates"."media_type" = merge_plan."media_type"
    and "source_aggregates"."metric" = merge_plan."metric"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "source_aggregates" (
    "interval_start",
    "interval_end",
    "queue_id",
    "media_type",
    "metric",
    "count",
    "sum",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."interval_start",
    batch."interval_end",
    batch."queue_id",
    batch."media_type",
    batch."metric",
    batch."count",
    batch."sum",
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
