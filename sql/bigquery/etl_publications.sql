-- Generated. Table etl_publications: DDL and merge.
create table if not exists `etl_publications` (
    `view_name` string not null options (description = 'The view.'),
    `state` string not null options (description = 'current (of the newest run), kept (of an earlier run, because the gate was closed since), withheld (the gate was never open yet).'),
    `run_id` string options (description = 'The run whose figures it shows; NULL while it is withheld.'),
    `published_at` timestamp options (description = 'When these figures were published; NULL while it is withheld.'),
    `reason` string options (description = 'Why it is not current.'),
    primary key (`view_name`) not enforced
)
cluster by `view_name`
options (
    description = 'Publication says what a published view shows: of which run, and since when.',
    labels = [('application', 'trunkline')]
);
