-- Generated. Table etl_publications: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "ETL_PUBLICATIONS" (
    "VIEW_NAME" varchar not null comment 'The view.',
    "STATE" varchar not null comment 'current (of the newest run), kept (of an earlier run, because the gate was closed since), withheld (the gate was never open yet).',
    "RUN_ID" varchar comment 'The run whose figures it shows; NULL while it is withheld.',
    "PUBLISHED_AT" timestamp_ntz comment 'When these figures were published; NULL while it is withheld.',
    "REASON" varchar comment 'Why it is not current.',
    primary key ("VIEW_NAME")
)
comment = 'Publication says what a published view shows: of which run, and since when.';
