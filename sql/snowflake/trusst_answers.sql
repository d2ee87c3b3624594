-- Generated. Table trusst_answers: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "TRUSST_ANSWERS" (
    "CONTACT_ID" varchar not null comment 'Contact.',
    "QUESTION_ID" varchar not null comment 'Question; keys are not unique.',
    "QUESTION_KEY" varchar comment 'Key of the question.',
    "QUESTION_GROUP" varchar comment 'Group of the question.',
    "RESULT_TYPE" varchar comment 'Boolean, Rating, Paragraph, Label or Summary; others are kept and have the status unknown_type.',
    "RESULT" varchar comment 'The result as received, whatever its type.',
    "NUMBER" bigint comment 'Result of a Rating, 1 to 10.',
    "TRUTH" boolean comment 'Result of a Boolean.',
    "CONVERSION_STATUS" varchar not null comment 'How the result fits its type: ok, empty, not_a_number, not_whole, out_of_range, not_boolean, unknown_type.',
    "INFERENCE_ID" varchar comment 'The inference that gave it.',
    "CREATED_AT" timestamp_ntz comment 'When it was inferred.',
    "UPDATED_AT" timestamp_ntz comment 'When it was last changed; NULL if never.',
    "EFFECTIVE_AT" timestamp_ntz comment 'The later of the two.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONTACT_ID", "QUESTION_ID")
)
comment = 'The newest answer to one universal question about one contact. Nothing that Trusst says is lost: a result that does not fit its type is kept as text, with a status that says why.';
