-- Generated. Table etl_watermarks: DDL and merge.
create table if not exists "etl_watermarks" (
    "source" text collate "C" not null,
    "entity" text collate "C" not null,
    "watermark" timestamp,
    "run_id" text collate "C" not null,
    "observed_at" timestamp not null
);

alter table "etl_watermarks" add primary key ("source", "entity");

comment on table "etl_watermarks" is 'Watermark tells how far a stream has been read and loaded.';
comment on column "etl_watermarks"."source" is 'Extractor, for example salesforce.';
comment on column "etl_watermarks"."entity" is 'Stream, for example accounts.';
comment on column "etl_watermarks"."watermark" is 'Everything up to here, by the source''s clock, is loaded.';
comment on column "etl_watermarks"."run_id" is 'The run that moved it.';
comment on column "etl_watermarks"."observed_at" is 'When the source was asked.';

-- received
select count(*)
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "source",
        "entity",
        "observed_at",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "source", "entity" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
)
select
    received."source",
    received."entity",
    received.batch_file,
    received.batch_row,
    case
        when present."source" is null then 'insert'
        when received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "etl_watermarks" as present
    on present."source" = received."source"
    and present."entity" = received."entity"
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
insert into "etl_watermarks" (
    "source",
    "entity",
    "watermark",
    "run_id",
    "observed_at"
)
select
    batch."source",
    batch."entity",
    batch."watermark",
    batch."run_id",
    batch."observed_at"
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("source", "entity") do update set
    "watermark" = excluded."watermark",
    "run_id" = excluded."run_id",
    "observed_at" = excluded."observed_at";

-- drop
drop table merge_plan;
