-- Generated. Table crm_cases: DDL and merge.
create table if not exists "crm_cases" (
    "case_id" text not null,
    "account_id" text,
    "category" text,
    "status" text,
    "priority" text,
    "is_closed" boolean,
    "is_deleted" boolean not null,
    "created_at" timestamp,
    "closed_at" timestamp,
    "modified_at" timestamp,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "crm_cases" is 'Case is a Salesforce case as it is now.';
comment on column "crm_cases"."case_id" is 'Salesforce id, 18 characters.';
comment on column "crm_cases"."account_id" is 'The case''s account.';
comment on column "crm_cases"."category" is 'Category, from the configured field.';
comment on column "crm_cases"."status" is 'Status, as the organisation names it.';
comment on column "crm_cases"."priority" is 'Priority.';
comment on column "crm_cases"."is_closed" is 'Whether it is closed; NULL if the CRM did not say.';
comment on column "crm_cases"."is_deleted" is 'Whether it is deleted.';
comment on column "crm_cases"."created_at" is 'When it was created.';
comment on column "crm_cases"."closed_at" is 'When it was closed.';
comment on column "crm_cases"."modified_at" is 'When it last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_cases"."source_run" is 'The run that made this version of the row.';
comment on column "crm_cases"."observed_at" is 'When the source was asked.';
comment on column "crm_cases"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_cases"."etl_loaded_at" is 'When this version was written to the warehouse.';
