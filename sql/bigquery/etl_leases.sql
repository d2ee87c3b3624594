-- Generated. Table etl_leases: DDL and merge.
create table if not exists `etl_leases` (
    `resource` string not null options (description = 'What is leased: warehouse.'),
    `owner` string not null options (description = 'Who holds it: host, process and run.'),
    `token` int64 not null options (description = 'Grows with every change of hands; a writer whose token is no longer here must stop.'),
    `expires_at` timestamp not null options (description = 'Until when it is held without being renewed.'),
    primary key (`resource`) not enforced
)
cluster by `resource`
options (
    description = 'Lease says who may write to the warehouse.',
    labels = [('application', 'trunkline')]
);
