-- Generated. Table releases: DDL and merge.
create table if not exists "releases" (
    "product" text not null,
    "release" text not null,
    "released_on" text not null,
    "note" text,
    "is_deleted" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "releases" is 'Release is one release of one of the organisation''s products: what changes in the figures are held against.';
comment on column "releases"."product" is 'Product.';
comment on column "releases"."release" is 'Release, as the organisation names it: 4.2.';
comment on column "releases"."released_on" is 'Day on which customers got it, in the organisation''s time zone, YYYY-MM-DD.';
comment on column "releases"."note" is 'What there is to know about it.';
comment on column "releases"."is_deleted" is 'Whether the list no longer has it. Views leave such releases out.';
comment on column "releases"."source_run" is 'The run that made this version of the row.';
comment on column "releases"."observed_at" is 'When the source was asked.';
comment on column "releases"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "releases"."etl_loaded_at" is 'When this version was written to the warehouse.';
