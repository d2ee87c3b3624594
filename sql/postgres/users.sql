-- Generated. Table users: DDL and merge.
create table if not exists "users" (
    "user_id" text not null,
    "name" text,
    "email" text,
    "department" text,
    "title" text,
    "state" text,
    "division_id" text,
    "is_listed" boolean not null,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "etl_loaded_at" timestamp
);

comment on table "users" is 'User is a Genesys Cloud user: an agent, supervisor or administrator, leavers included.';
comment on column "users"."user_id" is 'Genesys Cloud user id.';
comment on column "users"."name" is 'Display name.';
comment on column "users"."email" is 'E-mail address.';
comment on column "users"."department" is 'Department.';
comment on column "users"."title" is 'Title.';
comment on column "users"."state" is 'active, inactive or deleted.';
comment on column "users"."division_id" is 'Division.';
comment on column "users"."is_listed" is 'Whether the source still lists the user.';
comment on column "users"."source_run" is 'The run that made this version of the row.';
comment on column "users"."observed_at" is 'When the source was asked.';
comment on column "users"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "users"."etl_loaded_at" is 'When this version was written to the warehouse.';
