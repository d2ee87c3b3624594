-- Generated. Table trusst_contacts: DDL and merge.
create table if not exists "trusst_contacts" (
    "contact_id" varchar(100) not null,
    "conversation_id" varchar(255),
    "stream_id" varchar(100),
    "stream_name" varchar(255),
    "stream_type" varchar(100),
    "external_id" varchar(255),
    "conn_id" varchar(255),
    "s3_conversation_id" varchar(100),
    "s3_row_count" bigint,
    "stage" varchar(50),
    "direction" varchar(50),
    "start_time" timestamp,
    "call_time" timestamp,
    "agent_id" varchar(255),
    "s3_agent_id" varchar(255),
    "question_count" bigint,
    "answered_question_count" bigint,
    "unconverted_count" bigint,
    "created_at" timestamp,
    "effective_at" timestamp,
    "is_deleted" boolean not null,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "first_seen_at" timestamp,
    "etl_loaded_at" timestamp,
    "children_hash" varchar(32),
    primary key ("contact_id")
)
diststyle key distkey("contact_id") compound sortkey("contact_id");

comment on table "trusst_contacts" is 'One contact that Trusst analyses, at whatever stage; only COMPLETED ones are counted anywhere. One that vanished from Trusst is kept, marked as deleted, with nothing else known of it.';
comment on column "trusst_contacts"."contact_id" is 'Trusst''s id of the contact.';
comment on column "trusst_contacts"."conversation_id" is 'The row of unified_interactions that it is about, if that was landed: of on-premise streams onprem:<stream_id>:<conn_id>, of others external_id in lower case where it is a UUID; NULL if it cannot be told.';
comment on column "trusst_contacts"."stream_id" is 'Stream from which Trusst got it.';
comment on column "trusst_contacts"."stream_name" is 'Name of the stream.';
comment on column "trusst_contacts"."stream_type" is 'Kind of the stream: GenesysOnPremise, PremierContactPoint, BrightPattern …';
comment on column "trusst_contacts"."external_id" is 'Id in the system that the stream comes from, as received; neither unique nor always given.';
comment on column "trusst_contacts"."conn_id" is 'Connection (recording) id of an on-premise call.';
comment on column "trusst_contacts"."s3_conversation_id" is 'Trusst''s id of the recording that conn_id and call_time come from: the one of the latest call_time.';
comment on column "trusst_contacts"."s3_row_count" is 'How many recordings the contact has; more than one is unusual, and only one is used.';
comment on column "trusst_contacts"."stage" is 'Stage of the analysis: TRANSCRIPTION, INFERENCE, COMPLETED …';
comment on column "trusst_contacts"."direction" is 'inbound or outbound.';
comment on column "trusst_contacts"."start_time" is 'When the contact began.';
comment on column "trusst_contacts"."call_time" is 'When the recorded call began.';
comment on column "trusst_contacts"."agent_id" is 'Agent, in the id space of the contacts; no id of Genesys Cloud.';
comment on column "trusst_contacts"."s3_agent_id" is 'Agent, in the id space of the recordings; neither that of the contacts nor of Genesys Cloud.';
comment on column "trusst_contacts"."question_count" is 'Universal questions asked of it: answers there are, given or not.';
comment on column "trusst_contacts"."answered_question_count" is 'Those with a result.';
comment on column "trusst_contacts"."unconverted_count" is 'Those whose result does not fit its type; it is kept as text.';
comment on column "trusst_contacts"."created_at" is 'When Trusst began with the contact.';
comment on column "trusst_contacts"."effective_at" is 'When it last changed as far as can be told: the latest of its own creation and that of its answers and their changes. A change of stage leaves no time behind.';
comment on column "trusst_contacts"."is_deleted" is 'Whether Trusst no longer has it.';
comment on column "trusst_contacts"."source_run" is 'The run that made this version of the row.';
comment on column "trusst_contacts"."observed_at" is 'When the source was asked.';
comment on column "trusst_contacts"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "trusst_contacts"."first_seen_at" is 'When the key was first written to the warehouse.';
comment on column "trusst_contacts"."etl_loaded_at" is 'When this version was written to the warehouse.';
comment on column "trusst_contacts"."children_hash" is 'Hash of the contact''s answers.';

-- received
select count(*)
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "contact_id",
        "observed_at",
        "row_hash",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "contact_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."contact_id",
    received.batch_file,
    received.batch_row,
    received."observed_at",
    present."first_seen_at",
    case
        when present."contact_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "trusst_contacts" as present
    on present."contact_id" = received."contact_id"
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
delete from "trusst_contacts"
using merge_plan
where "trusst_contacts"."contact_id" = merge_plan."contact_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "trusst_contacts" (
    "contact_id",
    "conversation_id",
    "stream_id",
    "stream_name",
    "stream_type",
    "external_id",
    "conn_id",
    "s3_conversation_id",
    "s3_row_count",
    "stage",
    "direction",
    "start_time",
    "call_time",
    "agent_id",
    "s3_agent_id",
    "question_count",
    "answered_question_count",
    "unconverted_count",
    "created_at",
    "effective_at",
    "is_deleted",
    "source_run",
    "observed_at",
    "row_hash",
    "first_seen_at",
    "etl_loaded_at",
    "children_hash"
)
select
    batch."contact_id",
    batch."conversation_id",
    batch."stream_id",
    batch."stream_name",
    batch."stream_type",
    batch."external_id",
    batch."conn_id",
    batch."s3_conversation_id",
    batch."s3_row_count",
    batch."stage",
    batch."direction",
    batch."start_time",
    batch."call_time",
    batch."agent_id",
    batch."s3_agent_id",
    batch."question_count",
    batch."answered_question_count",
    batch."unconverted_count",
    batch."created_at",
    batch."effective_at",
    batch."is_deleted",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    coalesce(merge_plan."first_seen_at", (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')),
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at'),
    batch."children_hash"
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
    on merge_plan."contact_id" = batch."contact_id";

-- trusst_answers: delete
delete from "trusst_answers"
using merge_plan
where merge_plan."contact_id" = "trusst_answers"."contact_id"
    and merge_plan.action in ('update', 'settle');

-- trusst_answers: insert
insert into "trusst_answers" (
    "contact_id",
    "question_id",
    "question_key",
    "question_group",
    "result_type",
    "result",
    "number",
    "truth",
    "conversion_status",
    "inference_id",
    "created_at",
    "updated_at",
    "effective_at",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."contact_id",
    batch."question_id",
    batch."question_key",
    batch."question_group",
    batch."result_type",
    batch."result",
    batch."number",
    batch."truth",
    batch."conversion_status",
    batch."inference_id",
    batch."created_at",
    batch."updated_at",
    batch."effective_at",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."contact_id" = batch."contact_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
