-- Generated. Table etl_leases: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `etl_leases` (
    `resource` string not null comment 'What is leased: warehouse.',
    `owner` string not null comment 'Who holds it: host, process and run.',
    `token` bigint not null comment 'Grows with every change of hands; a writer whose token is no longer here must stop.',
    `expires_at` timestamp not null comment 'Until when it is held without being renewed.',
    primary key (`resource`)
)
cluster by (`resource`)
comment 'Lease says who may write to the warehouse.';
