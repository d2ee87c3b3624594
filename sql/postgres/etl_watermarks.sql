-- Generated. Table etl_watermarks: DDL and merge.
create table if not exists "etl_watermarks" (
    "source" text not null,
    "entity" text not null,
    "watermark" timestamp,
    "run_id" text not null,
    "observed_at" timestamp not null
);

comment on table "etl_watermarks" is 'Watermark tells how far a stream has been read and loaded.';
comment on column "etl_watermarks"."source" is 'Extractor, for example salesforce.';
comment on column "etl_watermarks"."entity" is 'Stream, for example accounts.';
comment on column "etl_watermarks"."watermark" is 'Everything up to here, by the source''s clock, is loaded.';
comment on column "etl_watermarks"."run_id" is 'The run that moved it.';
comment on column "etl_watermarks"."observed_at" is 'When the source was asked.';
