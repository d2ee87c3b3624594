-- Generated. Table unified_interaction_changes: DDL and merge.
create table if not exists `unified_interaction_changes` (
    `conversation_id` string not null options (description = 'The conversation.'),
    `column_name` string not null options (description = 'The column.'),
    `changed_at` timestamp not null options (description = 'When the change was written: etl_loaded_at of the row that replaced the old one.'),
    `source_run` string not null options (description = 'The run that brought the new value.'),
    `old_value` string options (description = 'What it was, as text; NULL for NULL. Of whatever class the column is, so that the whole table is for those who may see all.'),
    `new_value` string options (description = 'What it became.'),
    `restates` bool not null options (description = 'Whether the column tells of the conversation itself; false for what follows the CRM (the tier today, the owner).'),
    primary key (`conversation_id`, `column_name`, `changed_at`) not enforced
)
cluster by `conversation_id`, `column_name`, `changed_at`
options (
    description = 'One cell of unified_interactions that a load changed: which run, which column, from what to what. Only columns that tell of the world are followed; a row that is new changes nothing.',
    labels = [('application', 'trunkline')]
);
