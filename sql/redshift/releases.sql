-- Generated. Table releases: DDL and merge.
create table if not exists "releases" (
    "product" varchar(100) not null,
    "release" varchar(100) not null,
    "released_on" varchar(10) not null,
    "note" varchar(1000),
    "is_deleted" boolean not null,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "etl_loaded_at" timestamp,
    primary key ("product", "release")
)
diststyle all compound sortkey("released_on", "product", "release");

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
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "product",
        "release",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "product", "release" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
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
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
