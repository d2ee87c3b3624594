-- Generated. Table queues: DDL and merge.
create table if not exists "queues" (
    "queue_id" text not null,
    "name" text,
    "division_id" text,
    "sla_share" double precision,
    "sla_target_ms" bigint,
    "is_listed" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "queues" is 'Queue is a Genesys Cloud queue.';
comment on column "queues"."queue_id" is 'Genesys Cloud queue id.';
comment on column "queues"."name" is 'Name.';
comment on column "queues"."division_id" is 'Division.';
comment on column "queues"."sla_share" is 'Service-level target of voice: the share of contacts (0–1) to be answered in time.';
comment on column "queues"."sla_target_ms" is 'Service-level target of voice: what "in time" means, in ms.';
comment on column "queues"."is_listed" is 'Whether the source still lists the queue.';
comment on column "queues"."source_run" is 'The run that made this version of the row.';
comment on column "queues"."observed_at" is 'When the source was asked.';
comment on column "queues"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "queues"."etl_loaded_at" is 'When this version was written to the warehouse.';
