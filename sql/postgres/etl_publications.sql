-- Generated. Table etl_publications: DDL and merge.
create table if not exists "etl_publications" (
    "view_name" text collate "C" not null,
    "state" text collate "C" not null,
    "run_id" text collate "C",
    "published_at" timestamp,
    "reason" text collate "C"
);

alter table "etl_publications" add primary key ("view_name");

comment on table "etl_publications" is 'Publication says what a published view shows: of which run, and since when.';
comment on column "etl_publications"."view_name" is 'The view.';
comment on column "etl_publications"."state" is 'current (of the newest run), kept (of an earlier run, because the gate was closed since), withheld (the gate was never open yet).';
comment on column "etl_publications"."run_id" is 'The run whose figures it shows; NULL while it is withheld.';
comment on column "etl_publications"."published_at" is 'When these figures were published; NULL while it is withheld.';
comment on column "etl_publications"."reason" is 'Why it is not current.';
