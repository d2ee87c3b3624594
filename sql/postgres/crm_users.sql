-- Generated. Table crm_users: DDL and merge.
create table if not exists "crm_users" (
    "user_id" text not null,
    "name" text,
    "is_active" boolean,
    "is_deleted" boolean not null,
    "modified_at" timestamp,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "crm_users" is 'CrmUser is a Salesforce user as it is now: the owners of accounts.';
comment on column "crm_users"."user_id" is 'Salesforce id, 18 characters.';
comment on column "crm_users"."name" is 'Full name.';
comment on column "crm_users"."is_active" is 'Whether the user is active.';
comment on column "crm_users"."is_deleted" is 'Whether it is deleted.';
comment on column "crm_users"."modified_at" is 'When it last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_users"."source_run" is 'The run that made this version of the row.';
comment on column "crm_users"."observed_at" is 'When the source was asked.';
comment on column "crm_users"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_users"."etl_loaded_at" is 'When this version was written to the warehouse.';
