-- Generated. Table participant_attributes: DDL and merge.
create table if not exists "participant_attributes" (
    "conversation_id" varchar(100) not null,
    "participant_id" varchar(100) not null,
    "name" varchar(1024) not null,
    "value" varchar(4096),
    "value_truncated" boolean not null,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp,
    primary key ("conversation_id", "participant_id", "name")
)
diststyle key distkey("conversation_id") compound sortkey("conversation_id");

comment on table "participant_attributes" is 'One attribute that a flow, a widget or an agent set on a participant.';
comment on column "participant_attributes"."conversation_id" is 'Conversation.';
comment on column "participant_attributes"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "participant_attributes"."name" is 'Name, as it is spelled.';
comment on column "participant_attributes"."value" is 'Value; text always. Flows put there what they like, so it is of every class.';
comment on column "participant_attributes"."value_truncated" is 'Whether the value has the 1,024 characters at which the source cuts.';
comment on column "participant_attributes"."source_run" is 'The run that made this version of the row.';
comment on column "participant_attributes"."observed_at" is 'When the source was asked.';
comment on column "participant_attributes"."etl_loaded_at" is 'When this version was written to the warehouse.';
