-- Generated. Table trusst_answers: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `trusst_answers` (
    `contact_id` string not null comment 'Contact.',
    `question_id` string not null comment 'Question; keys are not unique.',
    `question_key` string comment 'Key of the question.',
    `question_group` string comment 'Group of the question.',
    `result_type` string comment 'Boolean, Rating, Paragraph, Label or Summary; others are kept and have the status unknown_type.',
    `result` string comment 'The result as received, whatever its type.',
    `number` bigint comment 'Result of a Rating, 1 to 10.',
    `truth` boolean comment 'Result of a Boolean.',
    `conversion_status` string not null comment 'How the result fits its type: ok, empty, not_a_number, not_whole, out_of_range, not_boolean, unknown_type.',
    `inference_id` string comment 'The inference that gave it.',
    `created_at` timestamp comment 'When it was inferred.',
    `updated_at` timestamp comment 'When it was last changed; NULL if never.',
    `effective_at` timestamp comment 'The later of the two.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    primary key (`contact_id`, `question_id`)
)
cluster by (`contact_id`, `question_id`)
comment 'The newest answer to one universal question about one contact. Nothing that Trusst says is lost: a result that does not fit its type is kept as text, with a status that says why.';
