-- Generated. Table trusst_contacts: DDL and merge.
create table if not exists "trusst_contacts" (
    "contact_id" text not null,
    "conversation_id" text,
    "stream_id" text,
    "stream_name" text,
    "stream_type" text,
    "external_id" text,
    "conn_id" text,
    "s3_conversation_id" text,
    "s3_row_count" bigint,
    "stage" text,
    "direction" text,
    "start_time" timestamp,
    "call_time" timestamp,
    "agent_id" text,
    "s3_agent_id" text,
    "question_count" bigint,
    "answered_question_count" bigint,
    "unconverted_count" bigint,
    "created_at" timestamp,
    "effective_at" timestamp,
    "is_deleted" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "first_seen_at" timestamp,
    "etl_loaded_at" timestamp,
    "children_hash" text
);

comment on table "trusst_contacts" is 'TrusstContact is one contact that Trusst analyses, at whatever stage; only COMPLETED ones are counted anywhere. One that vanished from Trusst is kept, marked as deleted, with nothing else known of it.';
comment on column "trusst_contacts"."contact_id" is 'Trusst''s id of the contact.';
comment on column "trusst_contacts"."conversation_id" is 'The row of unified_interactions that it is about, if that was landed: of on-premise streams onprem:<stream_id>:<conn_id>, of others external_id in lower case where it is a UUID; NULL if it cannot be told.';
comment on column "trusst_contacts"."stream_id" is 'Stream from which Trusst got it.';
comment on column "trusst_contacts"."stream_name" is 'Name of the stream.';
comment on column "trusst_contacts"."stream_type" is 'Kind of the stream: GenesysOnPremise, PremierContactPoint, BrightPattern …';
comment on column "trusst_contacts"."external_id" is 'Id in the system that the stream comes from, as received; neither unique nor always given.';
comment on column "trusst_contacts"."conn_id" is 'Connection (recording) id of an on-premise call.';
comment on column "trusst_contacts"."s3_conversation_id" is 'Trusst''s id of the recording that conn_id and call_time come from: the one of the latest call_time.';
comment on column "trusst_contacts"."s3_row_count" is 'How many recordings the contact has; more than one is unusual, and only one is used.';
comment on column "trusst_contacts"."stage" is 'Stage of the analysis: TRANSCRIPTION, INFERENCE, COMPLETED …';
comment on column "trusst_contacts"."direction" is 'inbound or outbound.';
comment on column "trusst_contacts"."start_time" is 'When the contact began.';
comment on column "trusst_contacts"."call_time" is 'When the recorded call began.';
comment on column "trusst_contacts"."agent_id" is 'Agent, in the id space of the contacts; no id of Genesys Cloud.';
comment on column "trusst_contacts"."s3_agent_id" is 'Agent, in the id space of the recordings; neither that of the contacts nor of Genesys Cloud.';
comment on column "trusst_contacts"."question_count" is 'Universal questions asked of it: answers there are, given or not.';
comment on column "trusst_contacts"."answered_question_count" is 'Those with a result.';
comment on column "trusst_contacts"."unconverted_count" is 'Those whose result does not fit its type; it is kept as text.';
comment on column "trusst_contacts"."created_at" is 'When Trusst began with the contact.';
comment on column "trusst_contacts"."effective_at" is 'When it last changed as far as can be told: the latest of its own creation and that of its answers and their changes. A change of stage leaves no time behind.';
comment on column "trusst_contacts"."is_deleted" is 'Whether Trusst no longer has it.';
comment on column "trusst_contacts"."source_run" is 'The run that made this version of the row.';
comment on column "trusst_contacts"."observed_at" is 'When the source was asked.';
comment on column "trusst_contacts"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "trusst_contacts"."first_seen_at" is 'When the key was first written to the warehouse.';
comment on column "trusst_contacts"."etl_loaded_at" is 'When this version was written to the warehouse.';
comment on column "trusst_contacts"."children_hash" is 'Hash of the contact''s answers.';
