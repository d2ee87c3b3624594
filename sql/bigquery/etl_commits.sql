-- Generated. Table etl_commits: DDL and merge.
create table if not exists `etl_commits` (
    `step_id` string not null options (description = 'The batch: run, step and table; a child table\'s name is added to that of its parent.'),
    `content_hash` string not null options (description = 'Hash of the batch\'s files: what exactly was committed.'),
    `inserted` int64 not null options (description = 'Rows that were new.'),
    `updated` int64 not null options (description = 'Rows that were replaced.'),
    `unchanged` int64 not null options (description = 'Rows that were there already, equal or observed later.'),
    `committed_at` timestamp not null options (description = 'When it was committed.'),
    `deleted` int64 options (description = 'Children that went with the rows that were replaced; NULL in entries from before children were loaded.'),
    primary key (`step_id`) not enforced
)
cluster by `step_id`
options (
    description = 'Commit says that a batch is in the warehouse. It is written in the transaction that merges the batch.',
    labels = [('application', 'trunkline')]
);
