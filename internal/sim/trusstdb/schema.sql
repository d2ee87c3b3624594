
CREATE TABLE streams (
    stream_id    varchar PRIMARY KEY,
    name         varchar,
    stream_type  varchar NOT NULL
);

CREATE TABLE questions (
    question_id  varchar PRIMARY KEY,
    key          varchar NOT NULL,
    text         varchar NOT NULL,
    result_type  varchar NOT NULL,
    is_universal boolean NOT NULL DEFAULT false,
    is_scored    boolean NOT NULL DEFAULT false,
    "group"      varchar,
    created_at   timestamp without time zone NOT NULL DEFAULT (now() AT TIME ZONE 'utc')
);

CREATE TABLE contacts (
    contact_id    varchar PRIMARY KEY,
    stream_id     varchar NOT NULL REFERENCES streams(stream_id),
    external_id   varchar,
    start_time    timestamp without time zone,
    direction     varchar,
    current_stage varchar NOT NULL,
    agent_id      varchar,
    created_at    timestamp without time zone NOT NULL DEFAULT (now() AT TIME ZONE 'utc')

);

CREATE TABLE inferences (
    inference_id varchar PRIMARY KEY,
    contact_id   varchar NOT NULL REFERENCES contacts(contact_id),
    question_id  varchar NOT NULL REFERENCES questions(question_id),
    result       varchar,
    created_at   timestamp without time zone NOT NULL DEFAULT (now() AT TIME ZONE 'utc'),
    updated_at   timestamp without time zone

);

CREATE TABLE s3_conversations (
    conversation_id varchar PRIMARY KEY,
    contact_id      varchar REFERENCES contacts(contact_id),
    stream_id       varchar NOT NULL REFERENCES streams(stream_id),
    conn_id         varchar,
    agent_id        varchar,
    call_time       timestamp without time zone,
    audio_s3_key    varchar,
    metadata_s3_key varchar

);

CREATE INDEX ix_inferences_contact_id  ON inferences(contact_id);
CREATE INDEX ix_inferences_question_id ON inferences(question_id);
CREATE INDEX ix_inferences_updated_at  ON inferences(updated_at);
CREATE INDEX ix_contacts_stream_start  ON contacts(stream_id, start_time);
CREATE INDEX ix_contacts_stage         ON contacts(current_stage);
CREATE INDEX ix_contacts_external_id   ON contacts(external_id);
CREATE INDEX ix_s3conv_contact_id      ON s3_conversations(contact_id);
CREATE INDEX ix_s3conv_conn_id         ON s3_conversations(conn_id);

