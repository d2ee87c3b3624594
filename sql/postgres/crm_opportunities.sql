-- Generated. Table crm_opportunities: DDL and merge.
create table if not exists "crm_opportunities" (
    "opportunity_id" text not null,
    "account_id" text,
    "stage" text,
    "amount" double precision,
    "is_closed" boolean,
    "is_won" boolean,
    "is_deleted" boolean not null,
    "created_at" timestamp,
    "modified_at" timestamp,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "crm_opportunities" is 'Opportunity is a Salesforce opportunity as it is now.';
comment on column "crm_opportunities"."opportunity_id" is 'Salesforce id, 18 characters.';
comment on column "crm_opportunities"."account_id" is 'The opportunity''s account.';
comment on column "crm_opportunities"."stage" is 'Stage, as the organisation names it.';
comment on column "crm_opportunities"."amount" is 'Amount in the organisation''s currency.';
comment on column "crm_opportunities"."is_closed" is 'Whether it is closed; NULL if the CRM did not say.';
comment on column "crm_opportunities"."is_won" is 'Whether it was won.';
comment on column "crm_opportunities"."is_deleted" is 'Whether it is deleted.';
comment on column "crm_opportunities"."created_at" is 'When it was created.';
comment on column "crm_opportunities"."modified_at" is 'When it last changed, by the CRM''s clock (SystemModstamp).';
comment on column "crm_opportunities"."source_run" is 'The run that made this version of the row.';
comment on column "crm_opportunities"."observed_at" is 'When the source was asked.';
comment on column "crm_opportunities"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "crm_opportunities"."etl_loaded_at" is 'When this version was written to the warehouse.';
