-- Generated. Table conversations: DDL and merge.
create table if not exists "conversations" (
    "conversation_id" text not null,
    "conversation_start" timestamp not null,
    "conversation_end" timestamp,
    "is_open" boolean not null,
    "business_date" text not null,
    "conference_start" timestamp,
    "originating_direction" text,
    "initiator" text,
    "customer_participation" boolean,
    "external_tag" text,
    "self_served" boolean,
    "min_mos" double precision,
    "min_r_factor" double precision,
    "children_hash" text,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "conversations" is 'Conversation is one conversation as the contact centre tells it, without customer and without what is derived: those are in unified_interactions.';
comment on column "conversations"."conversation_id" is 'Identifies the conversation within the contact centre.';
comment on column "conversations"."conversation_start" is 'When it began.';
comment on column "conversations"."conversation_end" is 'When it ended, after-call work included; NULL while it is open.';
comment on column "conversations"."is_open" is 'Whether it had not ended when it was read.';
comment on column "conversations"."business_date" is 'Day on which it began in the organisation''s time zone, YYYY-MM-DD.';
comment on column "conversations"."conference_start" is 'When it became a conference.';
comment on column "conversations"."originating_direction" is 'inbound or outbound.';
comment on column "conversations"."initiator" is 'Purpose of the participant who began it (messaging).';
comment on column "conversations"."customer_participation" is 'Whether the customer sent at least one message (messaging).';
comment on column "conversations"."external_tag" is 'The organisation''s own mark.';
comment on column "conversations"."self_served" is 'Whether every flow session was self-served.';
comment on column "conversations"."min_mos" is 'Lowest mean opinion score of its media (1 to 5).';
comment on column "conversations"."min_r_factor" is 'Lowest R-factor of its media.';
comment on column "conversations"."children_hash" is 'Hash of all rows of the tree below it.';
comment on column "conversations"."source_run" is 'The run that made this version of the row.';
comment on column "conversations"."observed_at" is 'When the source was asked.';
comment on column "conversations"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "conversations"."etl_loaded_at" is 'When this version was written to the warehouse.';
