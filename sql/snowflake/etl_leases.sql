-- Generated. Table etl_leases: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "ETL_LEASES" (
    "RESOURCE" varchar not null comment 'What is leased: warehouse.',
    "OWNER" varchar not null comment 'Who holds it: host, process and run.',
    "TOKEN" bigint not null comment 'Grows with every change of hands; a writer whose token is no longer here must stop.',
    "EXPIRES_AT" timestamp_ntz not null comment 'Until when it is held without being renewed.',
    primary key ("RESOURCE")
)
comment = 'Lease says who may write to the warehouse.';
