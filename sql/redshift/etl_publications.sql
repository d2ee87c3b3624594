-- Generated. Table etl_publications: DDL and merge.
create table if not exists "etl_publications" (
    "view_name" varchar(100) not null,
    "state" varchar(20) not null,
    "run_id" varchar(100),
    "published_at" timestamp,
    "reason" varchar(2000),
    primary key ("view_name")
)
diststyle all compound sortkey("view_name");

comment on table "etl_publications" is 'Publication says what a published view shows: of which run, and since when.';
comment on column "etl_publications"."view_name" is 'The view.';
comment on column "etl_publications"."state" is 'current (of the newest run), kept (of an earlier run, because the gate was closed since), withheld (the gate was never open yet).';
comment on column "etl_publications"."run_id" is 'The run whose figures it shows; NULL while it is withheld.';
comment on column "etl_publications"."published_at" is 'When these figures were published; NULL while it is withheld.';
comment on column "etl_publications"."reason" is 'Why it is not current.';
