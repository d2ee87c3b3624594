-- Generated. Table trusst_answers: DDL and merge.
create table if not exists "trusst_answers" (
    "contact_id" varchar(100) not null,
    "question_id" varchar(100) not null,
    "question_key" varchar(255),
    "question_group" varchar(255),
    "result_type" varchar(50),
    "result" varchar(65535),
    "number" bigint,
    "truth" boolean,
    "conversion_status" varchar(20) not null,
    "inference_id" varchar(100),
    "created_at" timestamp,
    "updated_at" timestamp,
    "effective_at" timestamp,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "etl_loaded_at" timestamp,
    primary key ("contact_id", "question_id")
)
diststyle key distkey("contact_id") compound sortkey("contact_id", "question_id");

comment on table "trusst_answers" is 'The newest answer to one universal question about one contact. Nothing that Trusst says is lost: a result that does not fit its type is kept as text, with a status that says why.';
comment on column "trusst_answers"."contact_id" is 'Contact.';
comment on column "trusst_answers"."question_id" is 'Question; keys are not unique.';
comment on column "trusst_answers"."question_key" is 'Key of the question.';
comment on column "trusst_answers"."question_group" is 'Group of the question.';
comment on column "trusst_answers"."result_type" is 'Boolean, Rating, Paragraph, Label or Summary; others are kept and have the status unknown_type.';
comment on column "trusst_answers"."result" is 'The result as received, whatever its type.';
comment on column "trusst_answers"."number" is 'Result of a Rating, 1 to 10.';
comment on column "trusst_answers"."truth" is 'Result of a Boolean.';
comment on column "trusst_answers"."conversion_status" is 'How the result fits its type: ok, empty, not_a_number, not_whole, out_of_range, not_boolean, unknown_type.';
comment on column "trusst_answers"."inference_id" is 'The inference that gave it.';
comment on column "trusst_answers"."created_at" is 'When it was inferred.';
comment on column "trusst_answers"."updated_at" is 'When it was last changed; NULL if never.';
comment on column "trusst_answers"."effective_at" is 'The later of the two.';
comment on column "trusst_answers"."source_run" is 'The run that made this version of the row.';
comment on column "trusst_answers"."observed_at" is 'When the source was asked.';
comment on column "trusst_answers"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "trusst_answers"."etl_loaded_at" is 'When this version was written to the warehouse.';
