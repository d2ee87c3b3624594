-- Generated. Table trusst_contacts: DDL and merge.
create table if not exists `trusst_contacts` (
    `contact_id` string not null options (description = 'Trusst\'s id of the contact.'),
    `conversation_id` string options (description = 'The row of unified_interactions that it is about, if that was landed: of on-premise streams onprem:<stream_id>:<conn_id>, of others external_id in lower case where it is a UUID; NULL if it cannot be told.'),
    `stream_id` string options (description = 'Stream from which Trusst got it.'),
    `stream_name` string options (description = 'Name of the stream.'),
    `stream_type` string options (description = 'Kind of the stream: GenesysOnPremise, PremierContactPoint, BrightPattern …'),
    `external_id` string options (description = 'Id in the system that the stream comes from, as received; neither unique nor always given.'),
    `conn_id` string options (description = 'Connection (recording) id of an on-premise call.'),
    `s3_conversation_id` string options (description = 'Trusst\'s id of the recording that conn_id and call_time come from: the one of the latest call_time.'),
    `s3_row_count` int64 options (description = 'How many recordings the contact has; more than one is unusual, and only one is used.'),
    `stage` string options (description = 'Stage of the analysis: TRANSCRIPTION, INFERENCE, COMPLETED …'),
    `direction` string options (description = 'inbound or outbound.'),
    `start_time` timestamp options (description = 'When the contact began.'),
    `call_time` timestamp options (description = 'When the recorded call began.'),
    `agent_id` string options (description = 'Agent, in the id space of the contacts; no id of Genesys Cloud.'),
    `s3_agent_id` string options (description = 'Agent, in the id space of the recordings; neither that of the contacts nor of Genesys Cloud.'),
    `question_count` int64 options (description = 'Universal questions asked of it: answers there are, given or not.'),
    `answered_question_count` int64 options (description = 'Those with a result.'),
    `unconverted_count` int64 options (description = 'Those whose result does not fit its type; it is kept as text.'),
    `created_at` timestamp options (description = 'When Trusst began with the contact.'),
    `effective_at` timestamp options (description = 'When it last changed as far as can be told: the latest of its own creation and that of its answers and their changes. A change of stage leaves no time behind.'),
    `is_deleted` bool not null options (description = 'Whether Trusst no longer has it.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `row_hash` string not null options (description = '128-bit hash of all columns that tell of the world.'),
    `first_seen_at` timestamp options (description = 'When the key was first written to the warehouse.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    `children_hash` string options (description = 'Hash of the contact\'s answers.'),
    primary key (`contact_id`) not enforced
)
cluster by `contact_id`
options (
    description = 'One contact that Trusst analyses, at whatever stage; only COMPLETED ones are counted anywhere. One that vanished from Trusst is kept, marked as deleted, with nothing else known of it.',
    labels = [('application', 'trunkline')]
);

declare planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged int64;

declare trusst_answers_written, trusst_answers_unchanged, trusst_answers_orphans, trusst_answers_deleted int64;

begin transaction;

update etl_leases
set expires_at = timestamp_add(current_timestamp(), interval @seconds second)
where resource = 'warehouse'
    and token = @token;

assert @@row_count = 1 as 'trunkline: the lease is no longer ours';

assert (
    select count(*)
    from `trunkline_staging`.`trusst_contacts`
) = @received_trusst_contacts as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `contact_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `contact_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`trusst_contacts`
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

set (planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged) = (
    select as struct
        (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
        count(*) as plans,
        count(case when action = 'insert' then 1 end) as inserts,
        count(case when action in ('update', 'settle') then 1 end) as updates,
        count(case when action = 'unchanged' then 1 end) as unchanged
    from merge_plan
);

assert planned_rows = planned_keys as 'trunkline: the table holds keys of the batch more than once';

delete from `trusst_contacts`
where exists (
    select 1
    from merge_plan
    where `trusst_contacts`.`contact_id` = merge_plan.`contact_id`
        and merge_plan.action in ('update', 'settle')
);

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

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
    coalesce(merge_plan.`first_seen_at`, @loaded_at),
    @loaded_at,
    batch.`children_hash`
from `trunkline_staging`.`trusst_contacts` as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

assert @@row_count = planned_inserts + planned_updates as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`trusst_answers`
) = @received_trusst_answers as 'trunkline: the batch does not hold the rows that its manifest promises';

set (trusst_answers_written, trusst_answers_unchanged, trusst_answers_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`trusst_answers` as batch
    left join merge_plan
        on merge_plan.`contact_id` = batch.`contact_id`
);

assert trusst_answers_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `trusst_answers`
where exists (
    select 1
    from merge_plan
    where merge_plan.`contact_id` = `trusst_answers`.`contact_id`
        and merge_plan.action in ('update', 'settle')
);

set trusst_answers_deleted = @@row_count;

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
    @loaded_at
from `trunkline_staging`.`trusst_answers` as batch
join merge_plan
    on merge_plan.`contact_id` = batch.`contact_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = trusst_answers_written as 'trunkline: not as many rows were written as were planned';

delete from etl_commits
where step_id in (@step_id, @step_id || '/trusst_answers');

insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at, deleted)
values
    (@step_id, @content_hash, planned_inserts, planned_updates, planned_unchanged, @loaded_at, 0),
    (@step_id || '/trusst_answers', @content_hash, trusst_answers_written, 0, trusst_answers_unchanged, @loaded_at, trusst_answers_deleted);

commit transaction;

select step_id, inserted, updated, unchanged, deleted
from etl_commits
where step_id in (@step_id, @step_id || '/trusst_answers');
