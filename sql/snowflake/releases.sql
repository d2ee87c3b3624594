-- Generated. Table releases: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "RELEASES" (
    "PRODUCT" varchar not null comment 'Product.',
    "RELEASE" varchar not null comment 'Release, as the organisation names it: 4.2.',
    "RELEASED_ON" varchar not null comment 'Day on which customers got it, in the organisation''s time zone, YYYY-MM-DD.',
    "NOTE" varchar comment 'What there is to know about it.',
    "IS_DELETED" boolean not null comment 'Whether the list no longer has it. Views leave such releases out.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("PRODUCT", "RELEASE")
)
comment = 'One release of one of the organisation''s products: what changes in the figures are held against.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "PRODUCT",
        "RELEASE",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "PRODUCT", "RELEASE" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."PRODUCT",
    received."RELEASE",
    received.batch_file,
    received.batch_row,
    case
        when present."PRODUCT" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "RELEASES" as present
    on present."PRODUCT" = received."PRODUCT"
    and present."RELEASE" = received."RELEASE"
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
delete from "RELEASES"
using merge_plan
where "RELEASES"."PRODUCT" = merge_plan."PRODUCT"
    and "RELEASES"."RELEASE" = merge_plan."RELEASE"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "RELEASES" (
    "PRODUCT",
    "RELEASE",
    "RELEASED_ON",
    "NOTE",
    "IS_DELETED",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."PRODUCT",
    batch."RELEASE",
    batch."RELEASED_ON",
    batch."NOTE",
    batch."IS_DELETED",
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
