-- Generated. Table resolutions: DDL and merge.
create table if not exists "resolutions" (
    "conversation_id" varchar not null,
    "resolution_seq" bigint not null,
    "event_time" timestamp,
    "queue_id" varchar,
    "user_id" varchar,
    "next_contact_avoided" bigint,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp
);

comment on table "resolutions" is 'The source''s word on whether a contact was the last about its matter.';
comment on column "resolutions"."conversation_id" is 'Conversation.';
comment on column "resolutions"."resolution_seq" is 'Place by event time, then the order of the source; from 1.';
comment on column "resolutions"."event_time" is 'When it was decided.';
comment on column "resolutions"."queue_id" is 'The last queue that handled the conversation.';
comment on column "resolutions"."user_id" is 'The last agent who handled it.';
comment on column "resolutions"."next_contact_avoided" is 'nNextContactAvoided: 1 if no further contact followed.';
comment on column "resolutions"."source_run" is 'The run that made this version of the row.';
comment on column "resolutions"."observed_at" is 'When the source was asked.';
comment on column "resolutions"."etl_loaded_at" is 'When this version was written to the warehouse.';
