-- Trusst's tables as its guide describes them, with the indexes that trunkline asks for.
create table streams (
  stream_id varchar primary key,
  name varchar,
  stream_type varchar not null
);
create table questions (
  question_id varchar primary key,
  key varchar not null,
  text varchar not null,
  result_type varchar not null,
  is_universal boolean not null default false,
  is_scored boolean not null default false,
  "group" varchar,
  created_at timestamp not null default (now() at time zone 'utc')
);
create table contacts (
  contact_id varchar primary key,
  stream_id varchar not null references streams (stream_id),
  external_id varchar,
  start_time timestamp,
  direction varchar,
  current_stage varchar not null,
  agent_id varchar,
  created_at timestamp not null default (now() at time zone 'utc')
);
create table inferences (
  inference_id varchar primary key,
  contact_id varchar not null references contacts (contact_id),
  question_id varchar not null references questions (question_id),
  result varchar,
  created_at timestamp not null default (now() at time zone 'utc'),
  updated_at timestamp
);
create table s3_conversations (
  conversation_id varchar primary key,
  contact_id varchar references contacts (contact_id),
  stream_id varchar not null references streams (stream_id),
  conn_id varchar,
  agent_id varchar,
  call_time timestamp,
  audio_s3_key varchar,
  metadata_s3_key varchar
);
create index on inferences (contact_id);
create index on inferences (question_id);
create index on inferences (updated_at);
create index on inferences (created_at);
create index on contacts (stream_id, start_time);
create index on contacts (current_stage);
create index on s3_conversations (contact_id);
create role reader login;
grant select on all tables in schema public to reader;
insert into streams values ('s1', 'Calls', 'GenesysOnPremise'), ('s2', null, 'BrightPattern');
insert into questions (question_id, key, text, result_type, is_universal, is_scored, "group", created_at) values
  ('q1', 'agent_identified', 'Did the agent say who they are?', 'Boolean', true, true, 'opening', '2026-01-01'),
  ('q2', 'quality_score', 'How good was it?', 'Rating', true, true, null, '2026-01-01'),
  ('q3', 'mood', 'Mood?', 'Label', false, false, null, '2026-01-01');
