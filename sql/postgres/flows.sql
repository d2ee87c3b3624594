-- Generated. Table flows: DDL and merge.
create table if not exists "flows" (
    "flow_id" text not null,
    "name" text,
    "flow_type" text,
    "division_id" text,
    "is_listed" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "flows" is 'Flow is a Genesys Cloud flow: a menu, a bot, a workflow.';
comment on column "flows"."flow_id" is 'Genesys Cloud flow id.';
comment on column "flows"."name" is 'Name today; the name when it ran is in sessions.';
comment on column "flows"."flow_type" is 'Kind of flow.';
comment on column "flows"."division_id" is 'Division.';
comment on column "flows"."is_listed" is 'Whether the source still lists it.';
comment on column "flows"."source_run" is 'The run that made this version of the row.';
comment on column "flows"."observed_at" is 'When the source was asked.';
comment on column "flows"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "flows"."etl_loaded_at" is 'When this version was written to the warehouse.';
