-- Generated. Table segments: DDL and merge.
create table if not exists "segments" (
    "conversation_id" text collate "C" not null,
    "participant_id" text collate "C" not null,
    "session_id" text collate "C" not null,
    "segment_seq" bigint not null,
    "started_at" timestamp,
    "ended_at" timestamp,
    "segment_type" text collate "C",
    "queue_id" text collate "C",
    "disconnect_type" text collate "C",
    "wrapup_code" text collate "C",
    "wrapup_note" text collate "C",
    "conference" boolean,
    "error_code" text collate "C",
    "subject" text collate "C",
    "requested_language_id" text collate "C",
    "source_run" text collate "C" not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp
);

alter table "segments" add primary key ("conversation_id", "participant_id", "session_id", "segment_seq");

comment on table "segments" is 'One stretch of a session: ringing, talking, on hold, wrapping up.';
comment on column "segments"."conversation_id" is 'Conversation.';
comment on column "segments"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "segments"."session_id" is 'Session within the participant; where the source names none, # and its position.';
comment on column "segments"."segment_seq" is 'Place in the session by begin, then type, then the order of the source; from 1.';
comment on column "segments"."started_at" is 'When it began.';
comment on column "segments"."ended_at" is 'When it ended; NULL while it runs.';
comment on column "segments"."segment_type" is 'alert, contacting, dialing, interact, hold, wrapup, ivr, delay …';
comment on column "segments"."queue_id" is 'Queue on whose account it was.';
comment on column "segments"."disconnect_type" is 'How it ended (peer, client, endpoint, transfer …).';
comment on column "segments"."wrapup_code" is 'Wrap-up code.';
comment on column "segments"."wrapup_note" is 'The agent''s note.';
comment on column "segments"."conference" is 'Whether it was part of a conference.';
comment on column "segments"."error_code" is 'Error of the medium.';
comment on column "segments"."subject" is 'Subject of the e-mail.';
comment on column "segments"."requested_language_id" is 'Language that was asked for.';
comment on column "segments"."source_run" is 'The run that made this version of the row.';
comment on column "segments"."observed_at" is 'When the source was asked.';
comment on column "segments"."etl_loaded_at" is 'When this version was written to the warehouse.';
