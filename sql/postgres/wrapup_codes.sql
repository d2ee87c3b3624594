-- Generated. Table wrapup_codes: DDL and merge.
create table if not exists "wrapup_codes" (
    "wrapup_code_id" text not null,
    "name" text,
    "division_id" text,
    "is_listed" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "wrapup_codes" is 'WrapupCode is a Genesys Cloud wrap-up code. The system''s own codes (ININ-WRAP-UP-TIMEOUT …) are never listed.';
comment on column "wrapup_codes"."wrapup_code_id" is 'Genesys Cloud wrap-up code id.';
comment on column "wrapup_codes"."name" is 'Name.';
comment on column "wrapup_codes"."division_id" is 'Division.';
comment on column "wrapup_codes"."is_listed" is 'Whether the source still lists the code.';
comment on column "wrapup_codes"."source_run" is 'The run that made this version of the row.';
comment on column "wrapup_codes"."observed_at" is 'When the source was asked.';
comment on column "wrapup_codes"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "wrapup_codes"."etl_loaded_at" is 'When this version was written to the warehouse.';
