-- Generated. Table crm_account_versions: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "CRM_ACCOUNT_VERSIONS" (
    "ACCOUNT_ID" varchar not null comment 'Salesforce id, 18 characters.',
    "VALID_FROM" timestamp_ntz not null comment 'From when, by the CRM''s clock.',
    "VALID_TO" timestamp_ntz comment 'Until when; NULL while it is true.',
    "CUSTOMER_TIER" varchar comment 'Tier during that time.',
    "INDUSTRY" varchar comment 'Industry during that time.',
    "OWNER_NAME" varchar comment 'Owner during that time.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("ACCOUNT_ID", "VALID_FROM")
)
comment = 'What was true of an account during [valid_from, valid_to). A change is dated by the CRM''s own history where it has one, and by the SystemModstamp with which it was first seen where not. The first version begins where the history, or else the first sight, does: a tier is never claimed for a time that nobody can vouch for.';
