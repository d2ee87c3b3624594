-- Generated. Table trusst_contacts: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `trusst_contacts` (
    `contact_id` string not null comment 'Trusst\'s id of the contact.',
    `conversation_id` string comment 'The row of unified_interactions that it is about, if that was landed: of on-premise streams onprem:<stream_id>:<conn_id>, of others external_id in lower case where it is a UUID; NULL if it cannot be told.',
    `stream_id` string comment 'Stream from which Trusst got it.',
    `stream_name` string comment 'Name of the stream.',
    `stream_type` string comment 'Kind of the stream: GenesysOnPremise, PremierContactPoint, BrightPattern …',
    `external_id` string comment 'Id in the system that the stream comes from, as received; neither unique nor always given.',
    `conn_id` string comment 'Connection (recording) id of an on-premise call.',
    `s3_conversation_id` string comment 'Trusst\'s id of the recording that conn_id and call_time come from: the one of the latest call_time.',
    `s3_row_count` bigint comment 'How many recordings the contact has; more than one is unusual, and only one is used.',
    `stage` string comment 'Stage of the analysis: TRANSCRIPTION, INFERENCE, COMPLETED …',
    `direction` string comment 'inbound or outbound.',
    `start_time` timestamp comment 'When the contact began.',
    `call_time` timestamp comment 'When the recorded call began.',
    `agent_id` string comment 'Agent, in the id space of the contacts; no id of Genesys Cloud.',
    `s3_agent_id` string comment 'Agent, in the id space of the recordings; neither that of the contacts nor of Genesys Cloud.',
    `question_count` bigint comment 'Universal questions asked of it: answers there are, given or not.',
    `answered_question_count` bigint comment 'Those with a result.',
    `unconverted_count` bigint comment 'Those whose result does not fit its type; it is kept as text.',
    `created_at` timestamp comment 'When Trusst began with the contact.',
    `effective_at` timestamp comment 'When it last changed as far as can be told: the latest of its own creation and that of its answers and their changes. A change of stage leaves no time behind.',
    `is_deleted` boolean not null comment 'Whether Trusst no longer has it.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world.',
    `first_seen_at` timestamp comment 'When the key was first written to the warehouse.',
    `etl_loaded_at` timestamp comment 'When this version was written to the warehouse.',
    `children_hash` string comment 'Hash of the contact\'s answers.',
    primary key (`contact_id`)
)
cluster by (`contact_id`)
comment 'One contact that Trusst analyses, at whatever stage; only COMPLETED ones are counted anywhere. One that vanished from Trusst is kept, marked as deleted, with nothing else known of it.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `contact_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `contact_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`contact_id`,
    received.batch_file,
    received.batch_row,
    received.`observed_at`,
    present.`first_seen_at`,
    case
        when present.`contact_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `trusst_contacts` as present
    on present.`contact_id` = received.`contact_id`
where received.version = 1;

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- delete
delete from `trusst_contacts`
where exists (
    select 1
    from merge_plan
    where `trusst_contacts`.`contact_id` = merge_plan.`contact_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `trusst_contacts` (
    `contact_id`,
    `conversation_id`,
    `stream_id`,
    `stream_name`,
    `stream_type`,
    `external_id`,
    `conn_id`,
    `s3_conversation_id`,
    `s3_row_count`,
    `stage`,
    `direction`,
    `start_time`,
    `call_time`,
    `agent_id`,
    `s3_agent_id`,
    `question_count`,
    `answered_question_count`,
    `unconverted_count`,
    `created_at`,
    `effective_at`,
    `is_deleted`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `first_seen_at`,
    `etl_loaded_at`,
    `children_hash`
)
select
    batch.`contact_id`,
    batch.`conversation_id`,
    batch.`stream_id`,
    batch.`stream_name`,
    batch.`stream_type`,
    batch.`external_id`,
    batch.`conn_id`,
    batch.`s3_conversation_id`,
    batch.`s3_row_count`,
    batch.`stage`,
    batch.`direction`,
    batch.`start_time`,
    batch.`call_time`,
    batch.`agent_id`,
    batch.`s3_agent_id`,
    batch.`question_count`,
    batch.`answered_question_count`,
    batch.`unconverted_count`,
    batch.`created_at`,
    batch.`effective_at`,
    batch.`is_deleted`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    coalesce(merge_plan.`first_seen_at`, :loaded_at),
    :loaded_at,
    batch.`children_hash`
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- trusst_answers: received
select count(*)
from trunkline_batch;

-- trusst_answers: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan.`contact_id` = batch.`contact_id`;

-- trusst_answers: delete
delete from `trusst_answers`
where exists (
    select 1
    from merge_plan
    where merge_plan.`contact_id` = `trusst_answers`.`contact_id`
        and merge_plan.action in ('update', 'settle')
);

-- trusst_answers: insert
insert into `trusst_answers` (
    `contact_id`,
    `question_id`,
    `question_key`,
    `question_group`,
    `result_type`,
    `result`,
    `number`,
    `truth`,
    `conversion_status`,
    `inference_id`,
    `created_at`,
    `updated_at`,
    `effective_at`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`contact_id`,
    batch.`question_id`,
    batch.`question_key`,
    batch.`question_group`,
    batch.`result_type`,
    batch.`result`,
    batch.`number`,
    batch.`truth`,
    batch.`conversion_status`,
    batch.`inference_id`,
    batch.`created_at`,
    batch.`updated_at`,
    batch.`effective_at`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    :loaded_at
from trunkline_batch as batch
join merge_plan
    on merge_plan.`contact_id` = batch.`contact_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
