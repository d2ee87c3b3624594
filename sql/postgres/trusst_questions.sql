-- Generated. Table trusst_questions: DDL and merge.
create table if not exists "trusst_questions" (
    "question_id" text not null,
    "question_key" text,
    "question_text" text,
    "result_type" text,
    "is_universal" boolean,
    "is_scored" boolean,
    "question_group" text,
    "created_at" timestamp,
    "is_listed" boolean not null,
    "shares_key" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "trusst_questions" is 'TrusstQuestion is a question that Trusst puts to contacts, universal or not.';
comment on column "trusst_questions"."question_id" is 'Trusst''s id of the question.';
comment on column "trusst_questions"."question_key" is 'Key: its short name. Not unique; see shares_key.';
comment on column "trusst_questions"."question_text" is 'The question.';
comment on column "trusst_questions"."result_type" is 'Boolean, Rating, Paragraph, Label or Summary; others are kept.';
comment on column "trusst_questions"."is_universal" is 'Whether it is put to every contact: only answers to universal questions are landed.';
comment on column "trusst_questions"."is_scored" is 'Whether it counts towards a score.';
comment on column "trusst_questions"."question_group" is 'Group.';
comment on column "trusst_questions"."created_at" is 'When it was made.';
comment on column "trusst_questions"."is_listed" is 'Whether Trusst still lists it.';
comment on column "trusst_questions"."shares_key" is 'Whether another listed universal question has the same key: then neither is pivoted under the bare key.';
comment on column "trusst_questions"."source_run" is 'The run that made this version of the row.';
comment on column "trusst_questions"."observed_at" is 'When the source was asked.';
comment on column "trusst_questions"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "trusst_questions"."etl_loaded_at" is 'When this version was written to the warehouse.';
