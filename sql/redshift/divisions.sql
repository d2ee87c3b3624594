-- Generated. Table divisions: DDL and merge.
create table if not exists "divisions" (
    "division_id" varchar(100) not null,
    "name" varchar(255),
    "description" varchar(1024),
    "is_home" boolean,
    "is_listed" boolean not null,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "etl_loaded_at" timestamp,
    primary key ("division_id")
)
diststyle all compound sortkey("division_id");

comment on table "divisions" is 'A Genesys Cloud division: a part of the organisation that rights are given for.';
comment on column "divisions"."division_id" is 'Genesys Cloud division id.';
comment on column "divisions"."name" is 'Name.';
comment on column "divisions"."description" is 'Description.';
comment on column "divisions"."is_home" is 'Whether it is the home division.';
comment on column "divisions"."is_listed" is 'Whether the source still lists it.';
comment on column "divisions"."source_run" is 'The run that made this version of the row.';
comment on column "divisions"."observed_at" is 'When the source was asked.';
comment on column "divisions"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "divisions"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "division_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "division_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."division_id",
    received.batch_file,
    received.batch_row,
    case
        when present."division_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "divisions" as present
    on present."division_id" = received."division_id"
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
delete from "divisions"
using merge_plan
where "divisions"."division_id" = merge_plan."division_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "divisions" (
    "division_id",
    "name",
    "description",
    "is_home",
    "is_listed",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."division_id",
    batch."name",
    batch."description",
    batch."is_home",
    batch."is_listed",
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
