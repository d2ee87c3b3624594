-- Generated. Table crm_accounts: DDL and merge.
create table if not exists "crm_accounts" (
    "account_id" text not null,
    "name" text,
    "type" text,
    "industry" text,
    "customer_tier" text,
    "owner_id" text,
    "owner_name" text,
    "annual_revenue" double precision,
    "ltv_usd" double precision,
    "parent_id" text,
    "master_account_id" text,
    "is_deleted" boolean not null,
    "created_at" timestamp,
    "modified_at" timestamp,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "first_seen_at" timestamp,
    "etl_loaded_at" timestamp,
    "children_hash" text
);

comment on table "crm_accounts" is 'Account is a Salesforce account as it is now. A merged account is deleted and names its winner.';
comment on column "crm_accounts"."account_id" is 'Salesforce id, 18 characters.';
comment on column "crm_accounts"."name" is 'Account name.';
comment on column "crm_accounts"."type" is 'Account type (Customer, Prospect …).';
comment on column "crm_accounts"."industry" is 'Industry.';
comment on column "crm_accounts"."customer_tier" is 'Tier, from the configured custom field.';
comment on column "crm_accounts"."owner_id" is 'Salesforce id of the owner.';
comment on column "crm_accounts"."owner_name" is 'Name of the owner.';
comment on column "crm_accounts"."annual_revenue" is 'Annual revenue as recorded in the CRM.';
comment on column "crm_accounts"."ltv_usd" is 'Lifetime value in US dollars, from the configured custom field.';
comment on column "crm_accounts"."parent_id" is 'Parent account.';
comment on column "crm_accounts"."master_account_id" is 'The account that this one was merged into; follow it until it is NULL.';
comment on column "crm_accounts"."is_deleted" is 'Whether the account is deleted (or lost a merge).';
comment on column "crm_accounts"."created_at" is 'When the account was created.';
comment on column "crm_accounts"."modified_at" is 'When the account last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_accounts"."source_run" is 'The run that made this version of the row.';
comment on column "crm_accounts"."observed_at" is 'When the source was asked.';
comment on column "crm_accounts"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_accounts"."first_seen_at" is 'When the key was first written to the warehouse.';
comment on column "crm_accounts"."etl_loaded_at" is 'When this version was written to the warehouse.';
comment on column "crm_accounts"."children_hash" is 'Hash of the account''s versions.';
