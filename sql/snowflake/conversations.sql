-- Generated. Table conversations: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "CONVERSATIONS" (
    "CONVERSATION_ID" varchar not null comment 'Identifies the conversation within the contact centre.',
    "CONVERSATION_START" timestamp_ntz not null comment 'When it began.',
    "CONVERSATION_END" timestamp_ntz comment 'When it ended, after-call work included; NULL while it is open.',
    "IS_OPEN" boolean not null comment 'Whether it had not ended when it was read.',
    "BUSINESS_DATE" varchar not null comment 'Day on which it began in the organisation''s time zone, YYYY-MM-DD.',
    "CONFERENCE_START" timestamp_ntz comment 'When it became a conference.',
    "ORIGINATING_DIRECTION" varchar comment 'inbound or outbound.',
    "INITIATOR" varchar comment 'Purpose of the participant who began it (messaging).',
    "CUSTOMER_PARTICIPATION" boolean comment 'Whether the customer sent at least one message (messaging).',
    "EXTERNAL_TAG" varchar comment 'The organisation''s own mark.',
    "SELF_SERVED" boolean comment 'Whether every flow session was self-served.',
    "MIN_MOS" double comment 'Lowest mean opinion score of its media (1 to 5).',
    "MIN_R_FACTOR" double comment 'Lowest R-factor of its media.',
    "CHILDREN_HASH" varchar comment 'Hash of all rows of the tree below it.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version was written to the warehouse.',
    primary key ("CONVERSATION_ID")
)
cluster by (to_date("CONVERSATION_START"))
comment = 'One conversation as the contact centre tells it, without customer and without what is derived: those are in unified_interactions.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace temporary table merge_plan as
with received as (
    select
        "CONVERSATION_ID",
        "OBSERVED_AT",
        "ROW_HASH",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "CONVERSATION_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."CONVERSATION_ID",
    received.batch_file,
    received.batch_row,
    received."OBSERVED_AT",
    case
        when present."CONVERSATION_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "CONVERSATIONS" as present
    on present."CONVERSATION_ID" = received."CONVERSATION_ID"
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
delete from "CONVERSATIONS"
using merge_plan
where "CONVERSATIONS"."CONVERSATION_ID" = merge_plan."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "CONVERSATIONS" (
    "CONVERSATION_ID",
    "CONVERSATION_START",
    "CONVERSATION_END",
    "IS_OPEN",
    "BUSINESS_DATE",
    "CONFERENCE_START",
    "ORIGINATING_DIRECTION",
    "INITIATOR",
    "CUSTOMER_PARTICIPATION",
    "EXTERNAL_TAG",
    "SELF_SERVED",
    "MIN_MOS",
    "MIN_R_FACTOR",
    "CHILDREN_HASH",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."CONVERSATION_START",
    batch."CONVERSATION_END",
    batch."IS_OPEN",
    batch."BUSINESS_DATE",
    batch."CONFERENCE_START",
    batch."ORIGINATING_DIRECTION",
    batch."INITIATOR",
    batch."CUSTOMER_PARTICIPATION",
    batch."EXTERNAL_TAG",
    batch."SELF_SERVED",
    batch."MIN_MOS",
    batch."MIN_R_FACTOR",
    batch."CHILDREN_HASH",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- conversation_divisions: received
select count(*)
from trunkline_batch;

-- conversation_divisions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- conversation_divisions: delete
delete from "CONVERSATION_DIVISIONS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "CONVERSATION_DIVISIONS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- conversation_divisions: insert
insert into "CONVERSATION_DIVISIONS" (
    "CONVERSATION_ID",
    "DIVISION_ID",
    "POSITION",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."DIVISION_ID",
    batch."POSITION",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- participants: received
select count(*)
from trunkline_batch;

-- participants: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- participants: delete
delete from "PARTICIPANTS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "PARTICIPANTS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- participants: insert
insert into "PARTICIPANTS" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "POSITION",
    "PURPOSE",
    "NAME",
    "USER_ID",
    "TEAM_ID",
    "EXTERNAL_CONTACT_ID",
    "EXTERNAL_ORGANIZATION_ID",
    "FLAGGED_REASON",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."POSITION",
    batch."PURPOSE",
    batch."NAME",
    batch."USER_ID",
    batch."TEAM_ID",
    batch."EXTERNAL_CONTACT_ID",
    batch."EXTERNAL_ORGANIZATION_ID",
    batch."FLAGGED_REASON",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- participant_attributes: received
select count(*)
from trunkline_batch;

-- participant_attributes: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- participant_attributes: delete
delete from "PARTICIPANT_ATTRIBUTES"
using merge_plan
where merge_plan."CONVERSATION_ID" = "PARTICIPANT_ATTRIBUTES"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- participant_attributes: insert
insert into "PARTICIPANT_ATTRIBUTES" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "NAME",
    "VALUE",
    "VALUE_TRUNCATED",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."NAME",
    batch."VALUE",
    batch."VALUE_TRUNCATED",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- sessions: received
select count(*)
from trunkline_batch;

-- sessions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- sessions: delete
delete from "SESSIONS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "SESSIONS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- sessions: insert
insert into "SESSIONS" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "SESSION_ID",
    "POSITION",
    "STARTED_AT",
    "ENDED_AT",
    "MEDIA_TYPE",
    "MESSAGE_TYPE",
    "DIRECTION",
    "PEER_ID",
    "PROVIDER",
    "REMOTE",
    "ANI",
    "DNIS",
    "SESSION_DNIS",
    "ADDRESS_FROM",
    "ADDRESS_TO",
    "MONITORED_PARTICIPANT_ID",
    "COACHED_PARTICIPANT_ID",
    "BARGED_PARTICIPANT_ID",
    "REQUESTED_ROUTINGS",
    "USED_ROUTING",
    "SELECTED_AGENT_ID",
    "CALLBACK_SCHEDULED_AT",
    "OUTBOUND_CAMPAIGN_ID",
    "OUTBOUND_CONTACT_ID",
    "DISPOSITION_NAME",
    "DELIVERY_STATUS",
    "AUTHENTICATED",
    "ACW_SKIPPED",
    "FLOW_OUT_TYPE",
    "FLOW_ID",
    "FLOW_NAME",
    "FLOW_TYPE",
    "FLOW_VERSION",
    "FLOW_ENTRY_REASON",
    "FLOW_EXIT_REASON",
    "FLOW_TRANSFER_TYPE",
    "FLOW_TRANSFER_TARGET",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."SESSION_ID",
    batch."POSITION",
    batch."STARTED_AT",
    batch."ENDED_AT",
    batch."MEDIA_TYPE",
    batch."MESSAGE_TYPE",
    batch."DIRECTION",
    batch."PEER_ID",
    batch."PROVIDER",
    batch."REMOTE",
    batch."ANI",
    batch."DNIS",
    batch."SESSION_DNIS",
    batch."ADDRESS_FROM",
    batch."ADDRESS_TO",
    batch."MONITORED_PARTICIPANT_ID",
    batch."COACHED_PARTICIPANT_ID",
    batch."BARGED_PARTICIPANT_ID",
    batch."REQUESTED_ROUTINGS",
    batch."USED_ROUTING",
    batch."SELECTED_AGENT_ID",
    batch."CALLBACK_SCHEDULED_AT",
    batch."OUTBOUND_CAMPAIGN_ID",
    batch."OUTBOUND_CONTACT_ID",
    batch."DISPOSITION_NAME",
    batch."DELIVERY_STATUS",
    batch."AUTHENTICATED",
    batch."ACW_SKIPPED",
    batch."FLOW_OUT_TYPE",
    batch."FLOW_ID",
    batch."FLOW_NAME",
    batch."FLOW_TYPE",
    batch."FLOW_VERSION",
    batch."FLOW_ENTRY_REASON",
    batch."FLOW_EXIT_REASON",
    batch."FLOW_TRANSFER_TYPE",
    batch."FLOW_TRANSFER_TARGET",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- segments: received
select count(*)
from trunkline_batch;

-- segments: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- segments: delete
delete from "SEGMENTS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "SEGMENTS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- segments: insert
insert into "SEGMENTS" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "SESSION_ID",
    "SEGMENT_SEQ",
    "STARTED_AT",
    "ENDED_AT",
    "SEGMENT_TYPE",
    "QUEUE_ID",
    "DISCONNECT_TYPE",
    "WRAPUP_CODE",
    "WRAPUP_NOTE",
    "CONFERENCE",
    "ERROR_CODE",
    "SUBJECT",
    "REQUESTED_LANGUAGE_ID",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."SESSION_ID",
    batch."SEGMENT_SEQ",
    batch."STARTED_AT",
    batch."ENDED_AT",
    batch."SEGMENT_TYPE",
    batch."QUEUE_ID",
    batch."DISCONNECT_TYPE",
    batch."WRAPUP_CODE",
    batch."WRAPUP_NOTE",
    batch."CONFERENCE",
    batch."ERROR_CODE",
    batch."SUBJECT",
    batch."REQUESTED_LANGUAGE_ID",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- session_metrics: received
select count(*)
from trunkline_batch;

-- session_metrics: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- session_metrics: delete
delete from "SESSION_METRICS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "SESSION_METRICS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- session_metrics: insert
insert into "SESSION_METRICS" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "SESSION_ID",
    "METRIC_SEQ",
    "NAME",
    "VALUE",
    "EMITTED_AT",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."SESSION_ID",
    batch."METRIC_SEQ",
    batch."NAME",
    batch."VALUE",
    batch."EMITTED_AT",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- flow_outcomes: received
select count(*)
from trunkline_batch;

-- flow_outcomes: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- flow_outcomes: delete
delete from "FLOW_OUTCOMES"
using merge_plan
where merge_plan."CONVERSATION_ID" = "FLOW_OUTCOMES"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- flow_outcomes: insert
insert into "FLOW_OUTCOMES" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "SESSION_ID",
    "OUTCOME_SEQ",
    "FLOW_OUTCOME_ID",
    "OUTCOME_VALUE",
    "STARTED_AT",
    "ENDED_AT",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."SESSION_ID",
    batch."OUTCOME_SEQ",
    batch."FLOW_OUTCOME_ID",
    batch."OUTCOME_VALUE",
    batch."STARTED_AT",
    batch."ENDED_AT",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- evaluations: received
select count(*)
from trunkline_batch;

-- evaluations: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- evaluations: delete
delete from "EVALUATIONS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "EVALUATIONS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- evaluations: insert
insert into "EVALUATIONS" (
    "CONVERSATION_ID",
    "EVALUATION_ID",
    "STATUS",
    "EVENT_TIME",
    "USER_ID",
    "EVALUATOR_ID",
    "ASSIGNEE_ID",
    "QUEUE_ID",
    "FORM_ID",
    "FORM_NAME",
    "CONTEXT_ID",
    "CALIBRATION_ID",
    "RELEASED",
    "RESCORED",
    "DELETED",
    "TOTAL_SCORE",
    "TOTAL_CRITICAL_SCORE",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."EVALUATION_ID",
    batch."STATUS",
    batch."EVENT_TIME",
    batch."USER_ID",
    batch."EVALUATOR_ID",
    batch."ASSIGNEE_ID",
    batch."QUEUE_ID",
    batch."FORM_ID",
    batch."FORM_NAME",
    batch."CONTEXT_ID",
    batch."CALIBRATION_ID",
    batch."RELEASED",
    batch."RESCORED",
    batch."DELETED",
    batch."TOTAL_SCORE",
    batch."TOTAL_CRITICAL_SCORE",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- surveys: received
select count(*)
from trunkline_batch;

-- surveys: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- surveys: delete
delete from "SURVEYS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "SURVEYS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- surveys: insert
insert into "SURVEYS" (
    "CONVERSATION_ID",
    "SURVEY_ID",
    "STATUS",
    "SURVEY_TYPE",
    "EVENT_TIME",
    "COMPLETED_AT",
    "IS_PARTIAL",
    "USER_ID",
    "QUEUE_ID",
    "FORM_ID",
    "FORM_CONTEXT_ID",
    "FORM_NAME",
    "PROMOTER_SCORE",
    "TOTAL_SCORE",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."SURVEY_ID",
    batch."STATUS",
    batch."SURVEY_TYPE",
    batch."EVENT_TIME",
    batch."COMPLETED_AT",
    batch."IS_PARTIAL",
    batch."USER_ID",
    batch."QUEUE_ID",
    batch."FORM_ID",
    batch."FORM_CONTEXT_ID",
    batch."FORM_NAME",
    batch."PROMOTER_SCORE",
    batch."TOTAL_SCORE",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- resolutions: received
select count(*)
from trunkline_batch;

-- resolutions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- resolutions: delete
delete from "RESOLUTIONS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "RESOLUTIONS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- resolutions: insert
insert into "RESOLUTIONS" (
    "CONVERSATION_ID",
    "RESOLUTION_SEQ",
    "EVENT_TIME",
    "QUEUE_ID",
    "USER_ID",
    "NEXT_CONTACT_AVOIDED",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."RESOLUTION_SEQ",
    batch."EVENT_TIME",
    batch."QUEUE_ID",
    batch."USER_ID",
    batch."NEXT_CONTACT_AVOIDED",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- agent_legs: received
select count(*)
from trunkline_batch;

-- agent_legs: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- agent_legs: delete
delete from "AGENT_LEGS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "AGENT_LEGS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- agent_legs: insert
insert into "AGENT_LEGS" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "SESSION_ID",
    "CONVERSATION_START",
    "BUSINESS_DATE",
    "BUSINESS_HOUR",
    "STARTED_AT",
    "ENDED_AT",
    "LEG_SEQ",
    "USER_ID",
    "AGENT_NAME",
    "QUEUE_ID",
    "QUEUE_NAME",
    "MEDIA_TYPE",
    "DIRECTION",
    "ANSWERED",
    "NOT_RESPONDING",
    "IS_LAST_ANSWERED",
    "ALERT_TIME_MS",
    "CONTACTING_TIME_MS",
    "DIALING_TIME_MS",
    "TALK_TIME_MS",
    "HOLD_TIME_MS",
    "ACW_TIME_MS",
    "HANDLE_TIME_MS",
    "HANDLE_COUNT",
    "ANSWER_TIME_MS",
    "TRANSFER_COUNT",
    "BLIND_TRANSFER_COUNT",
    "CONSULT_TRANSFER_COUNT",
    "CONSULT_COUNT",
    "WRAPUP_CODE",
    "WRAPUP_NAME",
    "DISCONNECT_TYPE",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."SESSION_ID",
    batch."CONVERSATION_START",
    batch."BUSINESS_DATE",
    batch."BUSINESS_HOUR",
    batch."STARTED_AT",
    batch."ENDED_AT",
    batch."LEG_SEQ",
    batch."USER_ID",
    batch."AGENT_NAME",
    batch."QUEUE_ID",
    batch."QUEUE_NAME",
    batch."MEDIA_TYPE",
    batch."DIRECTION",
    batch."ANSWERED",
    batch."NOT_RESPONDING",
    batch."IS_LAST_ANSWERED",
    batch."ALERT_TIME_MS",
    batch."CONTACTING_TIME_MS",
    batch."DIALING_TIME_MS",
    batch."TALK_TIME_MS",
    batch."HOLD_TIME_MS",
    batch."ACW_TIME_MS",
    batch."HANDLE_TIME_MS",
    batch."HANDLE_COUNT",
    batch."ANSWER_TIME_MS",
    batch."TRANSFER_COUNT",
    batch."BLIND_TRANSFER_COUNT",
    batch."CONSULT_TRANSFER_COUNT",
    batch."CONSULT_COUNT",
    batch."WRAPUP_CODE",
    batch."WRAPUP_NAME",
    batch."DISCONNECT_TYPE",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- queue_visits: received
select count(*)
from trunkline_batch;

-- queue_visits: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID";

-- queue_visits: delete
delete from "QUEUE_VISITS"
using merge_plan
where merge_plan."CONVERSATION_ID" = "QUEUE_VISITS"."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- queue_visits: insert
insert into "QUEUE_VISITS" (
    "CONVERSATION_ID",
    "PARTICIPANT_ID",
    "SESSION_ID",
    "CONVERSATION_START",
    "BUSINESS_DATE",
    "BUSINESS_HOUR",
    "OFFERED_AT",
    "LEFT_AT",
    "VISIT_SEQ",
    "QUEUE_ID",
    "QUEUE_NAME",
    "MEDIA_TYPE",
    "OUTCOME",
    "SHORT_ABANDON",
    "WAIT_TIME_MS",
    "ANSWER_TIME_MS",
    "OVER_SLA",
    "SLA_TARGET_MS",
    "ANSWERED_BY",
    "IS_LAST",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ETL_LOADED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."PARTICIPANT_ID",
    batch."SESSION_ID",
    batch."CONVERSATION_START",
    batch."BUSINESS_DATE",
    batch."BUSINESS_HOUR",
    batch."OFFERED_AT",
    batch."LEFT_AT",
    batch."VISIT_SEQ",
    batch."QUEUE_ID",
    batch."QUEUE_NAME",
    batch."MEDIA_TYPE",
    batch."OUTCOME",
    batch."SHORT_ABANDON",
    batch."WAIT_TIME_MS",
    batch."ANSWER_TIME_MS",
    batch."OVER_SLA",
    batch."SLA_TARGET_MS",
    batch."ANSWERED_BY",
    batch."IS_LAST",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    cast($loaded_at as timestamp_ntz)
from trunkline_batch as batch
join merge_plan
    on merge_plan."CONVERSATION_ID" = batch."CONVERSATION_ID"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
