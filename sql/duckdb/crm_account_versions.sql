-- Generated. Table crm_account_versions: DDL and merge.
create table if not exists "crm_account_versions" (
    "account_id" varchar not null,
    "valid_from" timestamp not null,
    "valid_to" timestamp,
    "customer_tier" varchar,
    "industry" varchar,
    "owner_name" varchar,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "etl_loaded_at" timestamp
);

comment on table "crm_account_versions" is 'What was true of an account during [valid_from, valid_to). A change is dated by the CRM''s own history where it has one, and by the SystemModstamp with which it was first seen where not. The first version begins where the history, or else the first sight, does: a tier is never claimed for a time that nobody can vouch for.';
comment on column "crm_account_versions"."account_id" is 'Salesforce id, 18 characters.';
comment on column "crm_account_versions"."valid_from" is 'From when, by the CRM''s clock.';
comment on column "crm_account_versions"."valid_to" is 'Until when; NULL while it is true.';
comment on column "crm_account_versions"."customer_tier" is 'Tier during that time.';
comment on column "crm_account_versions"."industry" is 'Industry during that time.';
comment on column "crm_account_versions"."owner_name" is 'Owner during that time.';
comment on column "crm_account_versions"."source_run" is 'The run that made this version of the row.';
comment on column "crm_account_versions"."observed_at" is 'When the source was asked.';
comment on column "crm_account_versions"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_account_versions"."etl_loaded_at" is 'When this version was written to the warehouse.';
