-- Generated. Table trusst_answers: DDL and merge.
create table if not exists `trusst_answers` (
    `contact_id` string not null options (description = 'Contact.'),
    `question_id` string not null options (description = 'Question; keys are not unique.'),
    `question_key` string options (description = 'Key of the question.'),
    `question_group` string options (description = 'Group of the question.'),
    `result_type` string options (description = 'Boolean, Rating, Paragraph, Label or Summary; others are kept and have the status unknown_type.'),
    `result` string options (description = 'The result as received, whatever its type.'),
    `number` int64 options (description = 'Result of a Rating, 1 to 10.'),
    `truth` bool options (description = 'Result of a Boolean.'),
    `conversion_status` string not null options (description = 'How the result fits its type: ok, empty, not_a_number, not_whole, out_of_range, not_boolean, unknown_type.'),
    `inference_id` string options (description = 'The inference that gave it.'),
    `created_at` timestamp options (description = 'When it was inferred.'),
    `updated_at` timestamp options (description = 'When it was last changed; NULL if never.'),
    `effective_at` timestamp options (description = 'The later of the two.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `row_hash` string not null options (description = '128-bit hash of all columns that tell of the world.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`contact_id`, `question_id`) not enforced
)
cluster by `contact_id`, `question_id`
options (
    description = 'The newest answer to one universal question about one contact. Nothing that Trusst says is lost: a result that does not fit its type is kept as text, with a status that says why.',
    labels = [('application', 'trunkline')]
);
