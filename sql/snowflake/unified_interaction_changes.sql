-- Generated. Table unified_interaction_changes: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "UNIFIED_INTERACTION_CHANGES" (
    "CONVERSATION_ID" varchar not null comment 'The conversation.',
    "COLUMN_NAME" varchar not null comment 'The column.',
    "CHANGED_AT" timestamp_ntz not null comment 'When the change was written: etl_loaded_at of the row that replaced the old one.',
    "SOURCE_RUN" varchar not null comment 'The run that brought the new value.',
    "OLD_VALUE" varchar comment 'What it was, as text; NULL for NULL. Of whatever class the column is, so that the whole table is for those who may see all.',
    "NEW_VALUE" varchar comment 'What it became.',
    "RESTATES" boolean not null comment 'Whether the column tells of the conversation itself; false for what follows the CRM (the tier today, the owner).',
    primary key ("CONVERSATION_ID", "COLUMN_NAME", "CHANGED_AT")
)
comment = 'One cell of unified_interactions that a load changed: which run, which column, from what to what. Only columns that tell of the world are followed; a row that is new changes nothing.';
