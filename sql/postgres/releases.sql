-- Generated. Table releases: DDL and merge.
create table if not exists "releases" (
    "product" text collate "C" not null,
    "release" text collate "C" not null,
    "released_on" text collate "C" not null,
    "note" text collate "C",
    "is_deleted" boolean not null,
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "row_hash" text collate "C" not null,
    "etl_loaded_at" timestamp
);

alter table "releases" add primary key ("product", "release");

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
from pg_temp.trunkline_batch;

-- plan
create temporary table merge_plan on commit drop as
with received as (
    select
        "product",
        "release",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "product", "release" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from pg_temp.trunkline_batch
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
    (select cast(current_setting('trunkline.loaded_at') as timestamp))
from pg_temp.trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged'
on conflict ("product", "release") do update set
    "released_on" = excluded."released_on",
    "note" = excluded."note",
    "is_deleted" = excluded."is_deleted",
    "source_run" = excluded."source_run",
    "observed_at" = excluded."observed_at",
    "row_hash" = excluded."row_hash",
    "etl_loaded_at" = excluded."etl_loaded_at";

-- drop
drop table merge_plan;
