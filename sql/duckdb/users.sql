-- Generated. Table users: DDL and merge.
create table if not exists "users" (
    "user_id" varchar not null,
    "name" varchar,
    "email" varchar,
    "department" varchar,
    "title" varchar,
    "state" varchar,
    "division_id" varchar,
    "is_listed" boolean not null,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "users" is 'A Genesys Cloud user: an agent, supervisor or administrator, leavers included.';
comment on column "users"."user_id" is 'Genesys Cloud user id.';
comment on column "users"."name" is 'Display name.';
comment on column "users"."email" is 'E-mail address.';
comment on column "users"."department" is 'Department.';
comment on column "users"."title" is 'Title.';
comment on column "users"."state" is 'active, inactive or deleted.';
comment on column "users"."division_id" is 'Division.';
comment on column "users"."is_listed" is 'Whether the source still lists the user.';
comment on column "users"."source_run" is 'The run that made this version of the row.';
comment on column "users"."observed_at" is 'When the source was asked.';
comment on column "users"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "users"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "user_id",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "user_id" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."user_id",
    received.batch_file,
    received.batch_row,
    case
        when present."user_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "users" as present
    on present."user_id" = received."user_id"
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
delete from "users"
using merge_plan
where "users"."user_id" = merge_plan."user_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "users" (
    "user_id",
    "name",
    "email",
    "department",
    "title",
    "state",
    "division_id",
    "is_listed",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."user_id",
    batch."name",
    batch."email",
    batch."department",
    batch."title",
    batch."state",
    batch."division_id",
    batch."is_listed",
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
