-- Generated. Table releases: DDL and merge.
create table if not exists "releases" (
    "product" varchar not null,
    "release" varchar not null,
    "released_on" varchar not null,
    "note" varchar,
    "is_deleted" boolean not null,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "releases" is 'One release of one of the organisation''s products: what changes in the figures are held against.';
comment on column "releases"."product" is 'Product.';
comment on column "releases"."release" is 'Release, as the organisation names it: 4.2.';
comment on column "releases"."released_on" is 'Day on which customers got it, in the organisation''s time zone, YYYY-MM-DD.';
comment on column "releases"."note" is 'What there is to know about it.';
comment on column "releases"."is_deleted" is 'Whether the list no longer has it. Views leave such releases out.';
comment on column "releases"."source_run" is 'The run that made this version of the row.';
comment on column "releases"."observed_at" is 'When the source was asked.';
comment on column "releases"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "releases"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "product",
        "release",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "product", "release" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."product",
    received."release",
    received.batch_file,
    received.batch_row,
    case
        when present."product" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "releases" as present
    on present."product" = received."product"
    and present."release" = received."release"
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
delete from "releases"
using merge_plan
where "releases"."product" = merge_plan."product"
    and "releases"."release" = merge_plan."release"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "releases" (
    "product",
    "release",
    "released_on",
    "note",
    "is_deleted",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."product",
    batch."release",
    batch."released_on",
    batch."note",
    batch."is_deleted",
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
