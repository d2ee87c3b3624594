-- Generated. Table divisions: DDL and merge.
create table if not exists "divisions" (
    "division_id" text not null,
    "name" text,
    "description" text,
    "is_home" boolean,
    "is_listed" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "divisions" is 'Division is a Genesys Cloud division: a part of the organisation that rights are given for.';
comment on column "divisions"."division_id" is 'Genesys Cloud division id.';
comment on column "divisions"."name" is 'Name.';
comment on column "divisions"."description" is 'Description.';
comment on column "divisions"."is_home" is 'Whether it is the home division.';
comment on column "divisions"."is_listed" is 'Whether the source still lists it.';
comment on column "divisions"."source_run" is 'The run that made this version of the row.';
comment on column "divisions"."observed_at" is 'When the source was asked.';
comment on column "divisions"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "divisions"."etl_loaded_at" is 'When this version was written to the warehouse.';
