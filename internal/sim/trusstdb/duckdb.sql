create table streams (stream_id varchar, name varchar, stream_type varchar);
create table questions (question_id varchar, key varchar, text varchar, result_type varchar, is_universal boolean, is_scored boolean, "group" varchar, created_at timestamp);
create table contacts (contact_id varchar, stream_id varchar, external_id varchar, start_time timestamp, direction varchar, current_stage varchar, agent_id varchar, created_at timestamp);
create table inferences (inference_id varchar, contact_id varchar, question_id varchar, result varchar, created_at timestamp, updated_at timestamp);
create table s3_conversations (conversation_id varchar, contact_id varchar, stream_id varchar, conn_id varchar, agent_id varchar, call_time timestamp, audio_s3_key varchar, metadata_s3_key varchar);
create macro pg_is_in_recovery() as false;
create macro pg_last_xact_replay_timestamp() as null::timestamptz;
create macro clock_timestamp() as getvariable('now')::timestamptz;
create schema seen_as;
create view seen_as.columns as
select
  current_schema() as table_schema,
  table_name,
  column_name,
  case data_type when 'VARCHAR' then 'character varying' when 'TIMESTAMP' then 'timestamp without time zone' else lower(data_type) end as data_type,
  ordinal_position,
  is_nullable
from information_schema.columns
where table_name in ('questions', 'inferences', 'contacts', 's3_conversations', 'streams');
