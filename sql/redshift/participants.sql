-- Generated. Table participants: DDL and merge.
create table if not exists "participants" (
    "conversation_id" varchar(100) not null,
    "participant_id" varchar(100) not null,
    "position" bigint not null,
    "purpose" varchar(50),
    "name" varchar(255),
    "user_id" varchar(100),
    "team_id" varchar(100),
    "external_contact_id" varchar(100),
    "external_organization_id" varchar(100),
    "flagged_reason" varchar(50),
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp,
    primary key ("conversation_id", "participant_id")
)
diststyle key distkey("conversation_id") compound sortkey("conversation_id");

comment on table "participants" is 'One party of a conversation: the customer, a queue, a flow, an agent.';
comment on column "participants"."conversation_id" is 'Conversation.';
comment on column "participants"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "participants"."position" is 'Place in the order of the source, from 1; not an order in time.';
comment on column "participants"."purpose" is 'customer, external, acd, ivr, botflow, agent, user, workflow …';
comment on column "participants"."name" is 'Name as recorded; of a customer often the caller id, of an agent his name.';
comment on column "participants"."user_id" is 'User, where it is one.';
comment on column "participants"."team_id" is 'The user''s team.';
comment on column "participants"."external_contact_id" is 'External contact, where it is one.';
comment on column "participants"."external_organization_id" is 'External organisation.';
comment on column "participants"."flagged_reason" is 'Why it was flagged.';
comment on column "participants"."source_run" is 'The run that made this version of the row.';
comment on column "participants"."observed_at" is 'When the source was asked.';
comment on column "participants"."etl_loaded_at" is 'When this version was written to the warehouse.';
