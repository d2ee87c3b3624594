-- Generated. Table etl_publications: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `etl_publications` (
    `view_name` string not null comment 'The view.',
    `state` string not null comment 'current (of the newest run), kept (of an earlier run, because the gate was closed since), withheld (the gate was never open yet).',
    `run_id` string comment 'The run whose figures it shows; NULL while it is withheld.',
    `published_at` timestamp comment 'When these figures were published; NULL while it is withheld.',
    `reason` string comment 'Why it is not current.',
    primary key (`view_name`)
)
cluster by (`view_name`)
comment 'Publication says what a published view shows: of which run, and since when.';
