-- Generated. Table source_aggregates: DDL and merge.
create table if not exists "source_aggregates" (
    "interval_start" timestamp not null,
    "interval_end" timestamp not null,
    "queue_id" text not null,
    "media_type" text not null,
    "metric" text not null,
    "count" bigint,
    "sum" bigint,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "source_aggregates" is 'SourceAggregate is what Genesys itself counts for one queue, medium and interval: the other side of a reconciliation. Aggregates are stamped by the time a metric was emitted, not by the conversation''s start.';
comment on column "source_aggregates"."interval_start" is 'Begin of the interval, UTC.';
comment on column "source_aggregates"."interval_end" is 'End of the interval, UTC, exclusive.';
comment on column "source_aggregates"."queue_id" is 'Queue; empty when the group has none.';
comment on column "source_aggregates"."media_type" is 'Medium; empty when the group has none.';
comment on column "source_aggregates"."metric" is 'Metric (nOffered, tAnswered, tHandle …).';
comment on column "source_aggregates"."count" is 'How often it was emitted; of n-metrics the sum of the counts.';
comment on column "source_aggregates"."sum" is 'Sum of a t-metric in ms.';
comment on column "source_aggregates"."source_run" is 'The run that made this version of the row.';
comment on column "source_aggregates"."observed_at" is 'When the source was asked.';
comment on column "source_aggregates"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "source_aggregates"."etl_loaded_at" is 'When this version was written to the warehouse.';
