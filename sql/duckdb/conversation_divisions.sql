-- Generated. Table conversation_divisions: DDL and merge.
create table if not exists "conversation_divisions" (
    "conversation_id" varchar not null,
    "division_id" varchar not null,
    "position" bigint not null,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp
);

comment on table "conversation_divisions" is 'One division that a conversation belongs to; it may belong to several.';
comment on column "conversation_divisions"."conversation_id" is 'Conversation.';
comment on column "conversation_divisions"."division_id" is 'Division.';
comment on column "conversation_divisions"."position" is 'Place in the order of the source, from 1.';
comment on column "conversation_divisions"."source_run" is 'The run that made this version of the row.';
comment on column "conversation_divisions"."observed_at" is 'When the source was asked.';
comment on column "conversation_divisions"."etl_loaded_at" is 'When this version was written to the warehouse.';
