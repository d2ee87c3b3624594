-- Generated. Table crm_account_history: DDL and merge.
create table if not exists "crm_account_history" (
    "history_id" text not null,
    "account_id" text,
    "changed_at" timestamp,
    "field" text,
    "old_value" text,
    "new_value" text,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "crm_account_history" is 'AccountChange is one change of an account''s tier, industry or owner, from the CRM''s own history.';
comment on column "crm_account_history"."history_id" is 'Salesforce id of the change, 18 characters.';
comment on column "crm_account_history"."account_id" is 'The account that changed.';
comment on column "crm_account_history"."changed_at" is 'When it changed, by the CRM''s clock.';
comment on column "crm_account_history"."field" is 'API name of the field, as the history has it: Account_Tier__c, Industry, Owner (once with names, once with ids).';
comment on column "crm_account_history"."old_value" is 'What the field was until then; NULL if it was empty.';
comment on column "crm_account_history"."new_value" is 'What it has been since; NULL if it is empty.';
comment on column "crm_account_history"."source_run" is 'The run that made this version of the row.';
comment on column "crm_account_history"."observed_at" is 'When the source was asked.';
comment on column "crm_account_history"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_account_history"."etl_loaded_at" is 'When this version was written to the warehouse.';
