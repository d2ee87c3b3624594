-- Generated. Table etl_commits: DDL and merge.
create table if not exists "etl_commits" (
    "step_id" varchar(300) not null,
    "content_hash" varchar(64) not null,
    "inserted" bigint not null,
    "updated" bigint not null,
    "unchanged" bigint not null,
    "committed_at" timestamp not null,
    "deleted" bigint,
    primary key ("step_id")
)
diststyle all compound sortkey("step_id");

comment on table "etl_commits" is 'Commit says that a batch is in the warehouse. It is written in the transaction that merges the batch.';
comment on column "etl_commits"."step_id" is 'The batch: run, step and table; a child table''s name is added to that of its parent.';
comment on column "etl_commits"."content_hash" is 'Hash of the batch''s files: what exactly was committed.';
comment on column "etl_commits"."inserted" is 'Rows that were new.';
comment on column "etl_commits"."updated" is 'Rows that were replaced.';
comment on column "etl_commits"."unchanged" is 'Rows that were there already, equal or observed later.';
comment on column "etl_commits"."committed_at" is 'When it was committed.';
comment on column "etl_commits"."deleted" is 'Children that went with the rows that were replaced; NULL in entries from before children were loaded.';
