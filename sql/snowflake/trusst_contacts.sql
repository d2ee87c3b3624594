-- Generated. Table trusst_contacts: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "TRUSST_CONTACTS" (
    "CONTACT_ID" varchar not null comment 'Trusst''s id of the contact.',
    "CONVERSATION_ID" varchar comment 'The row of unified_interactions that it is about, if that was landed: of on-premise streams onprem:<stream_id>:<conn_id>, of others external_id in lower case where it is a UUID; NULL if it cannot be told.',
    "STREAM_ID" varchar comment 'Stream from which Trusst got it.',
    "STREAM_NAME" varchar comment 'Name of the stream.',
    "STREAM_TYPE" varchar comment 'Kind of the stream: GenesysOnPremise, PremierContactPoint, BrightPattern …',
    "EXTERNAL_ID" varchar comment 'Id in the system that the stream comes from, as received; neither unique nor always given.',
    "CONN_ID" varchar comment 'Connection (recording) id of an on-premise call.',
    "S3_CONVERSATION_ID" varchar comment 'Trusst''s id of the recording that conn_id and call_time come from: the one of the latest call_time.',
    "S3_ROW_COUNT" bigint comment 'How many recordings the contact has; more than one is unusual, and only one is used.',
    "STAGE" varchar comment 'Stage of the analysis: TRANSCRIPTION, INFERENCE, COMPLETED …',
    "DIRECTION" varchar comment 'inbound or outbound.',
    "START_TIME" timestamp_ntz comment 'When the contact began.',
    "CALL_TIME" timestamp_ntz comment 'When the recorded call began.',
    "AGENT_ID" varchar comment 'Agent, in the id space of the contacts; no id of Genesys Cloud.',
    "S3_AGENT_ID" varchar comment 'Agent, in the id space of the recordings; neither that of the contacts nor of Genesys Cloud.',
    "QUESTION_COUNT" bigint comment 'Universal questions asked of it: answers there are, given or not.',
    "ANSWERED_QUESTION_COUNT" bigint comment 'Those with a result.',
    "UNCONVERTED_COUNT" bigint comment 'Those whose result does not fit its type; it is kept as text.',
    "CREATED_AT" timestamp_ntz comment 'When Trusst began with the contact.',
    "EFFECTIVE_AT" timestamp_ntz comment 'When it last changed as far as can be told: the latest of its own creation and that of its answers and their changes. A change of stage leaves no time behind.',
    "IS_DELETED" boolean not null comment 'Whether Trusst no longer has it.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "FIRST_SEEN_AT" timestamp_ntz comment 'When the key was first written to the warehouse.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    "CHILDREN_HASH" varchar comment 'Hash of the contact''s answers.',
    primary key ("CONTACT_ID")
)
comment = 'One contact that Trusst analyses, at whatever stage; only COMPLETED ones are counted anywhere. One that vanished from Trusst is kept, marked as deleted, with nothing else known of it.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "CONTACT_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "CONTACT_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."CONTACT_ID",
    received.batch_file,
    received.batch_row,
    received."OBSERVED_AT",
    present."FIRST_SEEN_AT",
    case
        when present."CONTACT_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "TRUSST_CONTACTS" as present
    on present."CONTACT_ID" = received."CONTACT_ID"
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
delete from "TRUSST_CONTACTS"
using merge_plan
where "TRUSST_CONTACTS"."CONTACT_ID" = merge_plan."CONTACT_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "TRUSST_CONTACTS" (
    "CONTACT_ID",
    "CONVERSATION_ID",
    "STREAM_ID",
    "STREAM_NAME",
    "STREAM_TYPE",
    "EXTERNAL_ID",
    "CONN_ID",
    "S3_CONVERSATION_ID",
    "S3_ROW_COUNT",
    "STAGE",
    "DIRECTION",
    "START_TIME",
    "CALL_TIME",
    "AGENT_ID",
    "S3_AGENT_ID",
    "QUESTION_COUNT",
    "ANSWERED_QUESTION_COUNT",
    "UNCONVERTED_COUNT",
    "CREATED_AT",
    "EFFECTIVE_AT",
    "IS_DELETED",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "FIRST_SEEN_AT",
    "ETL_LOADED_AT",
    "CHILDREN_HASH"
)
select
    batch."CONTACT_ID",
    batch."CONVERSATION_ID",
    batch."STREAM_ID",
    batch."STREAM_NAME",
    batch."STREAM_TYPE",
    batch."EXTERNAL_ID",
    batch."CONN_ID",
    batch."S3_CONVERSATION_ID",
    batch."S3_ROW_COUNT",
    batch."STAGE",
    batch."DIRECTION",
    batch."START_TIME",
    batch."CALL_TIME",
    batch."AGENT_ID",
    batch."S3_AGENT_ID",
    batch."QUESTION_COUNT",
    batch."ANSWERED_QUESTION_COUNT",
    batch."UNCONVERTED_COUNT",
    batch."CREATED_AT",
    batch."EFFECTIVE_AT",
    batch."IS_DELETED",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    coalesce(merge_plan."FIRST_SEEN_AT", cast($loaded_at as timestamp_ntz)),
    cast($loaded_at as timestamp_ntz),
    batch."CHILDREN_HASH"
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
    on merge_plan."CONTACT_ID" = batch."CONTACT_ID";

-- trusst_answers: delete
delete from "TRUSST_ANSWERS"
using merge_plan
where merge_plan."CONTACT_ID" = "TRUSST_ANSWERS"."CONTACT_ID"
    and merge_plan.action in ('update', 'settle');

-- trusst_answers: insert
insert into "TRUSST_ANSWERS" (
    "CONTACT_ID",
    "QUESTION_ID",
    "QUESTION_KEY",
    "QUESTION_GROUP",
    "RESULT_TYPE",
    "RESULT",
    "NUMBER",
    "TRUTH",
    "CONVERSION_STATUS",
    "INFERENCE_ID",
    "CREATED_AT",
    "UPDATED_AT",
    "EFFECTIVE_AT",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."CONTACT_ID",
    batch."QUESTION_ID",
    batch."QUESTION_KEY",
    batch."QUESTION_GROUP",
    batch."RESULT_TYPE",
    batch."RESULT",
    batch."NUMBER",
    batch."TRUTH",
    batch."CONVERSION_STATUS",
    batch."INFERENCE_ID",
    batch."CREATED_AT",
    batch."UPDATED_AT",
    batch."EFFECTIVE_AT",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONTACT_ID" = batch."CONTACT_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
