-- Generated. Table etl_leases: DDL and merge.
create table if not exists "etl_leases" (
    "resource" varchar(100) not null,
    "owner" varchar(255) not null,
    "token" bigint not null,
    "expires_at" timestamp not null,
    primary key ("resource")
)
diststyle all compound sortkey("resource");

comment on table "etl_leases" is 'Lease says who may write to the warehouse.';
comment on column "etl_leases"."resource" is 'What is leased: warehouse.';
comment on column "etl_leases"."owner" is 'Who holds it: host, process and run.';
comment on column "etl_leases"."token" is 'Grows with every change of hands; a writer whose token is no longer here must stop.';
comment on column "etl_leases"."expires_at" is 'Until when it is held without being renewed.';
