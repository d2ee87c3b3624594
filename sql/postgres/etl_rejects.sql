-- Generated. Table etl_rejects: DDL and merge.
create table if not exists "etl_rejects" (
    "run_id" text not null,
    "source" text not null,
    "entity" text not null,
    "natural_key" text not null,
    "reason_code" text not null,
    "message" text not null,
    "payload_ref" text not null,
    "seen_at" timestamp not null
);

comment on table "etl_rejects" is 'Reject is a record that could not become a row, with its reason. Its payload stays in the run folder.';
comment on column "etl_rejects"."run_id" is 'The run that met it.';
comment on column "etl_rejects"."source" is 'Extractor, for example genesys.';
comment on column "etl_rejects"."entity" is 'Stream, for example conversations.';
comment on column "etl_rejects"."natural_key" is 'The record''s key in its stream; where it had none, the hash of its payload.';
comment on column "etl_rejects"."reason_code" is 'Machine-readable reason: missing_id, bad_date, wrong_type, bad_json …';
comment on column "etl_rejects"."message" is 'What was wrong: field, value and what would have been right.';
comment on column "etl_rejects"."payload_ref" is 'Where the payload is: file and line in the run store.';
comment on column "etl_rejects"."seen_at" is 'When it was met: the time at which the source was asked.';
