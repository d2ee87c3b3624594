-- Generated. Table crm_opportunities: DDL and merge.
create table if not exists "crm_opportunities" (
    "opportunity_id" varchar(18) not null,
    "account_id" varchar(18),
    "stage" varchar(255),
    "amount" double precision,
    "is_closed" boolean,
    "is_won" boolean,
    "is_deleted" boolean not null,
    "created_at" timestamp,
    "modified_at" timestamp,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "etl_loaded_at" timestamp,
    primary key ("opportunity_id")
)
diststyle all compound sortkey("opportunity_id");

comment on table "crm_opportunities" is 'A Salesforce opportunity as it is now.';
comment on column "crm_opportunities"."opportunity_id" is 'Salesforce id, 18 characters.';
comment on column "crm_opportunities"."account_id" is 'The opportunity''s account.';
comment on column "crm_opportunities"."stage" is 'Stage, as the organisation names it.';
comment on column "crm_opportunities"."amount" is 'Amount in the organisation''s currency.';
comment on column "crm_opportunities"."is_closed" is 'Whether it is closed; NULL if the CRM did not say.';
comment on column "crm_opportunities"."is_won" is 'Whether it was won.';
comment on column "crm_opportunities"."is_deleted" is 'Whether it is deleted.';
comment on column "crm_opportunities"."created_at" is 'When it was created.';
comment on column "crm_opportunities"."modified_at" is 'When it last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_opportunities"."source_run" is 'The run that made this version of the row.';
comment on column "crm_opportunities"."observed_at" is 'When the source was asked.';
comment on column "crm_opportunities"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_opportunities"."etl_loaded_at" is 'When this version was written to the warehouse.';

-- received
select count(*)
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "opportunity_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "opportunity_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."opportunity_id",
    received.batch_file,
    received.batch_row,
    case
        when present."opportunity_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "crm_opportunities" as present
    on present."opportunity_id" = received."opportunity_id"
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
delete from "crm_opportunities"
using merge_plan
where "crm_opportunities"."opportunity_id" = merge_plan."opportunity_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "crm_opportunities" (
    "opportunity_id",
    "account_id",
    "stage",
    "amount",
    "is_closed",
    "is_won",
    "is_deleted",
    "created_at",
    "modified_at",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."opportunity_id",
    batch."account_id",
    batch."stage",
    batch."amount",
    batch."is_closed",
    batch."is_won",
    batch."is_deleted",
    batch."created_at",
    batch."modified_at",
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
