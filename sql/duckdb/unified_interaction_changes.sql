-- Generated. Table unified_interaction_changes: DDL and merge.
create table if not exists "unified_interaction_changes" (
    "conversation_id" varchar not null,
    "column_name" varchar not null,
    "changed_at" timestamp not null,
    "source_run" varchar not null,
    "old_value" varchar,
    "new_value" varchar,
    "restates" boolean not null
);

comment on table "unified_interaction_changes" is 'One cell of unified_interactions that a load changed: which run, which column, from what to what. Only columns that tell of the world are followed; a row that is new changes nothing.';
comment on column "unified_interaction_changes"."conversation_id" is 'The conversation.';
comment on column "unified_interaction_changes"."column_name" is 'The column.';
comment on column "unified_interaction_changes"."changed_at" is 'When the change was written: etl_loaded_at of the row that replaced the old one.';
comment on column "unified_interaction_changes"."source_run" is 'The run that brought the new value.';
comment on column "unified_interaction_changes"."old_value" is 'What it was, as text; NULL for NULL. Of whatever class the column is, so that the whole table is for those who may see all.';
comment on column "unified_interaction_changes"."new_value" is 'What it became.';
comment on column "unified_interaction_changes"."restates" is 'Whether the column tells of the conversation itself; false for what follows the CRM (the tier today, the owner).';
