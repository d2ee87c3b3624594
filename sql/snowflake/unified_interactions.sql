-- Generated. Table unified_interactions: DDL and merge.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create table if not exists "UNIFIED_INTERACTIONS" (
    "CONVERSATION_ID" varchar not null comment 'Identifies the conversation within the contact centre; the table''s key. Of on-premise calls onprem:<stream>:<connection>.',
    "CONVERSATION_START" timestamp_ntz not null comment 'When the conversation began. Never changes for a conversation_id.',
    "CONVERSATION_END" timestamp_ntz comment 'When it ended, after-call work included; NULL while it is open.',
    "DURATION_MS" bigint comment 'conversation_end − conversation_start in ms; includes after-call work; NULL while open.',
    "QUEUE_ID" varchar comment 'Queue of the last answered agent leg; where nobody answered, the last queue waited in; NULL if no queue was reached.',
    "QUEUE_NAME" varchar comment 'Name of queue_id; names of deleted queues are kept.',
    "MEDIA_TYPE" varchar comment 'Medium of the customer''s earliest session (voice, callback, chat, email, message …); NULL if unknown, never a default.',
    "AGENT_ID" varchar comment 'The last agent who answered. Figures per agent come from the agents'' legs, never from this column.',
    "AGENT_NAME" varchar comment 'Name of agent_id; names of leavers are kept.',
    "HANDLE_TIME_MS" bigint comment 'Sum of tHandle over all agents in ms (contacting + dialing + talk + hold + after-call work); NULL if nobody handled it.',
    "ACW_TIME_MS" bigint comment 'Sum of tAcw (after-call work) over all agents in ms; NULL if none was measured.',
    "ABANDONED" boolean comment 'Whether the customer left, or was dropped, while waiting in a queue (any tAbandon). A rate''s denominator is offered.',
    "TRANSFERRED" boolean comment 'Whether an agent passed the conversation on (nTransferred > 0), blind or after consulting.',
    "QA_SCORE" double comment 'Total score of the newest finished evaluation that was neither deleted nor a calibration; as received, not rescaled.',
    "CSAT_SCORE" double comment 'Total score of the newest finished survey; as received, not rescaled. 0 is a score.',
    "CRM_ACCOUNT_ID" varchar comment 'Salesforce account, 18 characters, after following merges; NULL when none was given or it was malformed.',
    "CRM_CASE_ID" varchar comment 'Salesforce case, 18 characters; NULL when none was given or it was malformed.',
    "CUSTOMER_TIER" varchar comment 'The account''s tier today. NULL when the account is not known.',
    "ACCOUNT_OWNER" varchar comment 'Name of the account''s owner today.',
    "OPEN_OPPORTUNITY_COUNT" bigint comment 'The account''s open opportunities today (IsClosed = false); 0 only when the account is known.',
    "LTV_USD" double comment 'The account''s lifetime value today, in US dollars.',
    "CASE_CATEGORY" varchar comment 'Category of the case crm_case_id.',
    "WAS_ESCALATED" boolean comment 'Whether it was escalated: the flow''s own flag if it was set, else whether a bot''s conversation went on to a queue or an agent; NULL where neither can be told. was_escalated_source says which.',
    "HANDLED_BY_BOT_ONLY" boolean comment 'Whether a bot alone handled it: a bot took part, it reached neither queue nor agent, and it ended. NULL while open.',
    "ETL_LOADED_AT" timestamp_ntz comment 'When this version of the row was written to the warehouse.',
    "DATA_SOURCE" varchar not null comment 'Which system it comes from: genesys_cloud, or of contacts that only Trusst knows genesys_onpremise, premier_contact_point.',
    "BUSINESS_DATE" varchar not null comment 'Day on which it began in the organisation''s time zone, YYYY-MM-DD: what a business day''s figures group by.',
    "CUSTOMER_TIER_AT_CONTACT" varchar comment 'The account''s tier when the conversation began; NULL when no version of the account reaches back to that time. A change is dated by the account''s last edit (SystemModstamp) that the nightly mirror saw.',
    "CRM_ACCOUNT_NAME" varchar comment 'Name of the account today.',
    "INDUSTRY" varchar comment 'Industry of the account today.',
    "OPEN_CASE_COUNT" bigint comment 'The account''s open cases today (IsClosed = false); 0 only when the account is known.',
    "CRM_MATCH_METHOD" varchar comment 'How the account was found: attribute, or NULL when no id was given.',
    "CRM_ID_STATUS" varchar not null comment 'What became of the account id: ok, missing, malformed, unknown_account, merged.',
    "CRM_ACCOUNT_ID_GIVEN" varchar comment 'The account id as the conversation carried it, before any repair.',
    "FINALITY" varchar not null comment 'How settled the row is: live (open, or read before the source''s data is complete), provisional (scores and corrections may still come), final (older than the period that is read again), restated (final, and yet it changed after it had been final before: see restated_at).',
    "IS_OPEN" boolean not null comment 'Whether the conversation had not ended when it was read.',
    "DIRECTION" varchar comment 'Direction of the conversation''s first leg: inbound or outbound.',
    "MEDIA_TYPES" varchar comment 'All media that took part, sorted, comma-separated.',
    "MESSAGE_TYPE" varchar comment 'Kind of message (sms, whatsapp, webmessaging …) where media_type is message.',
    "HAS_CALLBACK" boolean comment 'Whether a callback took part.',
    "FIRST_QUEUE_ID" varchar comment 'First queue waited in, else the first answered leg''s queue.',
    "LAST_QUEUE_ID" varchar comment 'Queue of the last answered leg, else the last queue waited in.',
    "QUEUE_COUNT" bigint comment 'Number of different queues visited.',
    "FIRST_AGENT_ID" varchar comment 'The first agent who answered.',
    "AGENT_COUNT" bigint comment 'Number of different agents who answered.',
    "AGENT_LEGS_NOT_RESPONDING" bigint comment 'Agent legs that rang and were not answered.',
    "HANDLE_COUNT" bigint comment 'Number of tHandle metrics; average handle time is Σ handle_time_ms / Σ handle_count.',
    "TIME_SOURCE" varchar not null comment 'Where handle and after-call time come from: metric, segments (no metrics were recorded), none.',
    "TALK_TIME_MS" bigint comment 'Sum of tTalkComplete, else of tTalk, over all agents in ms.',
    "HOLD_TIME_MS" bigint comment 'Sum of tHeldComplete, else of tHeld, over all agents in ms.',
    "WAIT_TIME_MS" bigint comment 'Time waited in queues in ms: tAnswered + tAbandon + tFlowOut, the source''s tWait.',
    "ANSWER_TIME_MS" bigint comment 'Sum of tAnswered in ms: queue entry to answer. Average speed of answer is Σ answer_time_ms / Σ answered_count.',
    "CUSTOMER_DURATION_MS" bigint comment 'First to last moment of the customer''s own sessions in ms; without after-call work; NULL while open.',
    "OFFERED_COUNT" bigint comment 'Queue entries (Σ nOffered).',
    "ANSWERED_COUNT" bigint comment 'Queue entries that an agent answered (number of tAnswered).',
    "ABANDONED_COUNT" bigint comment 'Queue entries abandoned (number of tAbandon).',
    "FLOW_OUT_COUNT" bigint comment 'Queue entries left unanswered for a flow, voicemail, callback or other queue (number of tFlowOut).',
    "OVER_SLA_COUNT" bigint comment 'Answers later than the queue''s target (Σ nOverSla). Service level is (answered_count − over_sla_count) / (answered_count + abandoned_count), summed first.',
    "WITHIN_SERVICE_LEVEL" boolean comment 'Whether every answer kept the queue''s target; NULL when nothing was answered.',
    "ABANDONED_BEFORE_ANSWER" boolean comment 'Abandoned and never answered by anybody.',
    "SHORT_ABANDON" boolean comment 'Abandoned sooner than the organisation''s short-abandon threshold (tShortAbandon).',
    "TRANSFER_COUNT" bigint comment 'Σ nTransferred.',
    "BLIND_TRANSFERRED" boolean comment 'Whether a transfer was blind (nBlindTransferred > 0).',
    "CONSULT_TRANSFERRED" boolean comment 'Whether a transfer followed a consultation (nConsultTransferred > 0).',
    "DISCONNECT_TYPE" varchar comment 'How the customer''s last leg ended (peer, client, endpoint, timeout, system, transfer …).',
    "ENDED_BY" varchar comment 'Who hung up, where both sides'' disconnects tell: customer or agent.',
    "WRAPUP_CODE" varchar comment 'Wrap-up code of the last answered leg.',
    "WRAPUP_NAME" varchar comment 'Name of wrapup_code; system codes (ININ-WRAP-UP-TIMEOUT …) have none.',
    "BOT_PRESENT" boolean comment 'Whether a bot took part.',
    "SELF_SERVED" boolean comment 'The source''s own flag that every flow session was self-served.',
    "FLOW_DISCONNECT" boolean comment 'Whether it ended inside a flow (IVR or bot) without reaching a queue.',
    "FLOW_ID" varchar comment 'First flow the conversation entered.',
    "FLOW_NAME" varchar comment 'Name of flow_id at the time of the conversation.',
    "WAS_ESCALATED_SOURCE" varchar not null comment 'Where was_escalated comes from: attribute, flow, or none.',
    "NPS" bigint comment 'Promoter score (0–10) of the newest finished survey.',
    "SURVEY_PARTIAL" boolean comment 'Whether the newest finished survey was answered only in part.',
    "SURVEY_ID" varchar comment 'The survey that csat_score comes from.',
    "EVALUATION_ID" varchar comment 'The evaluation that qa_score comes from.',
    "DIVISION_ID" varchar comment 'First division of the conversation.',
    "EXTERNAL_CONTACT_ID" varchar comment 'External contact of the customer.',
    "QUESTION_COUNT" bigint comment 'Universal questions asked of it by Trusst; NULL where no answers were landed.',
    "ANSWERED_QUESTION_COUNT" bigint comment 'Universal questions answered.',
    "SOURCE_RUN" varchar not null comment 'The run that made this version of the row.',
    "OBSERVED_AT" timestamp_ntz not null comment 'When the source was asked. Of two versions of a row the one observed later is the row.',
    "ROW_HASH" varchar not null comment '128-bit hash of all columns that tell of the world; equal hashes are equal rows.',
    "FIRST_SEEN_AT" timestamp_ntz comment 'When the key was first written to the warehouse.',
    "LAST_CHANGED_AT" timestamp_ntz comment 'When the row was last written with another content.',
    "RESTATED_AT" timestamp_ntz comment 'When the row first changed after it had been final, in a column that does not follow the CRM; NULL if it never did.',
    primary key ("CONVERSATION_ID")
)
cluster by (to_date("CONVERSATION_START"))
comment = 'One conversation with its customer: what the contact centre measured, what the CRM knows of the caller today and knew at the time, and how sure we are of the link. One row a conversation_id. The first 26 columns are those of the source guide, in its order; times are UTC, durations milliseconds, money US dollars. NULL is always "not known or not applicable", never zero or false.';

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
        "FINALITY",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "CONVERSATION_ID" order by "OBSERVED_AT" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."CONVERSATION_ID",
    received.batch_file,
    received.batch_row,
    present."FINALITY",
    present."FIRST_SEEN_AT",
    present."LAST_CHANGED_AT",
    present."RESTATED_AT",
    case
        when present."CONVERSATION_ID" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        when received."FINALITY" <> case when present."FINALITY" = 'restated' then 'final' else present."FINALITY" end and received.observed_at >= present.observed_at then 'settle'
        else 'unchanged'
    end as action
from received
left join "UNIFIED_INTERACTIONS" as present
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

-- compare
create or replace temporary table merge_changes as
with pair as (
    select
        batch."CONVERSATION_ID",
        batch."SOURCE_RUN",
        present."CONVERSATION_START" as "WAS_CONVERSATION_START",
        batch."CONVERSATION_START" as "IS_CONVERSATION_START",
        present."CONVERSATION_END" as "WAS_CONVERSATION_END",
        batch."CONVERSATION_END" as "IS_CONVERSATION_END",
        present."DURATION_MS" as "WAS_DURATION_MS",
        batch."DURATION_MS" as "IS_DURATION_MS",
        present."QUEUE_ID" as "WAS_QUEUE_ID",
        batch."QUEUE_ID" as "IS_QUEUE_ID",
        present."QUEUE_NAME" as "WAS_QUEUE_NAME",
        batch."QUEUE_NAME" as "IS_QUEUE_NAME",
        present."MEDIA_TYPE" as "WAS_MEDIA_TYPE",
        batch."MEDIA_TYPE" as "IS_MEDIA_TYPE",
        present."AGENT_ID" as "WAS_AGENT_ID",
        batch."AGENT_ID" as "IS_AGENT_ID",
        present."AGENT_NAME" as "WAS_AGENT_NAME",
        batch."AGENT_NAME" as "IS_AGENT_NAME",
        present."HANDLE_TIME_MS" as "WAS_HANDLE_TIME_MS",
        batch."HANDLE_TIME_MS" as "IS_HANDLE_TIME_MS",
        present."ACW_TIME_MS" as "WAS_ACW_TIME_MS",
        batch."ACW_TIME_MS" as "IS_ACW_TIME_MS",
        present."ABANDONED" as "WAS_ABANDONED",
        batch."ABANDONED" as "IS_ABANDONED",
        present."TRANSFERRED" as "WAS_TRANSFERRED",
        batch."TRANSFERRED" as "IS_TRANSFERRED",
        present."QA_SCORE" as "WAS_QA_SCORE",
        batch."QA_SCORE" as "IS_QA_SCORE",
        present."CSAT_SCORE" as "WAS_CSAT_SCORE",
        batch."CSAT_SCORE" as "IS_CSAT_SCORE",
        present."CRM_ACCOUNT_ID" as "WAS_CRM_ACCOUNT_ID",
        batch."CRM_ACCOUNT_ID" as "IS_CRM_ACCOUNT_ID",
        present."CRM_CASE_ID" as "WAS_CRM_CASE_ID",
        batch."CRM_CASE_ID" as "IS_CRM_CASE_ID",
        present."CUSTOMER_TIER" as "WAS_CUSTOMER_TIER",
        batch."CUSTOMER_TIER" as "IS_CUSTOMER_TIER",
        present."ACCOUNT_OWNER" as "WAS_ACCOUNT_OWNER",
        batch."ACCOUNT_OWNER" as "IS_ACCOUNT_OWNER",
        present."OPEN_OPPORTUNITY_COUNT" as "WAS_OPEN_OPPORTUNITY_COUNT",
        batch."OPEN_OPPORTUNITY_COUNT" as "IS_OPEN_OPPORTUNITY_COUNT",
        present."LTV_USD" as "WAS_LTV_USD",
        batch."LTV_USD" as "IS_LTV_USD",
        present."CASE_CATEGORY" as "WAS_CASE_CATEGORY",
        batch."CASE_CATEGORY" as "IS_CASE_CATEGORY",
        present."WAS_ESCALATED" as "WAS_WAS_ESCALATED",
        batch."WAS_ESCALATED" as "IS_WAS_ESCALATED",
        present."HANDLED_BY_BOT_ONLY" as "WAS_HANDLED_BY_BOT_ONLY",
        batch."HANDLED_BY_BOT_ONLY" as "IS_HANDLED_BY_BOT_ONLY",
        present."DATA_SOURCE" as "WAS_DATA_SOURCE",
        batch."DATA_SOURCE" as "IS_DATA_SOURCE",
        present."BUSINESS_DATE" as "WAS_BUSINESS_DATE",
        batch."BUSINESS_DATE" as "IS_BUSINESS_DATE",
        present."CUSTOMER_TIER_AT_CONTACT" as "WAS_CUSTOMER_TIER_AT_CONTACT",
        batch."CUSTOMER_TIER_AT_CONTACT" as "IS_CUSTOMER_TIER_AT_CONTACT",
        present."CRM_ACCOUNT_NAME" as "WAS_CRM_ACCOUNT_NAME",
        batch."CRM_ACCOUNT_NAME" as "IS_CRM_ACCOUNT_NAME",
        present."INDUSTRY" as "WAS_INDUSTRY",
        batch."INDUSTRY" as "IS_INDUSTRY",
        present."OPEN_CASE_COUNT" as "WAS_OPEN_CASE_COUNT",
        batch."OPEN_CASE_COUNT" as "IS_OPEN_CASE_COUNT",
        present."CRM_MATCH_METHOD" as "WAS_CRM_MATCH_METHOD",
        batch."CRM_MATCH_METHOD" as "IS_CRM_MATCH_METHOD",
        present."CRM_ID_STATUS" as "WAS_CRM_ID_STATUS",
        batch."CRM_ID_STATUS" as "IS_CRM_ID_STATUS",
        present."CRM_ACCOUNT_ID_GIVEN" as "WAS_CRM_ACCOUNT_ID_GIVEN",
        batch."CRM_ACCOUNT_ID_GIVEN" as "IS_CRM_ACCOUNT_ID_GIVEN",
        present."IS_OPEN" as "WAS_IS_OPEN",
        batch."IS_OPEN" as "IS_IS_OPEN",
        present."DIRECTION" as "WAS_DIRECTION",
        batch."DIRECTION" as "IS_DIRECTION",
        present."MEDIA_TYPES" as "WAS_MEDIA_TYPES",
        batch."MEDIA_TYPES" as "IS_MEDIA_TYPES",
        present."MESSAGE_TYPE" as "WAS_MESSAGE_TYPE",
        batch."MESSAGE_TYPE" as "IS_MESSAGE_TYPE",
        present."HAS_CALLBACK" as "WAS_HAS_CALLBACK",
        batch."HAS_CALLBACK" as "IS_HAS_CALLBACK",
        present."FIRST_QUEUE_ID" as "WAS_FIRST_QUEUE_ID",
        batch."FIRST_QUEUE_ID" as "IS_FIRST_QUEUE_ID",
        present."LAST_QUEUE_ID" as "WAS_LAST_QUEUE_ID",
        batch."LAST_QUEUE_ID" as "IS_LAST_QUEUE_ID",
        present."QUEUE_COUNT" as "WAS_QUEUE_COUNT",
        batch."QUEUE_COUNT" as "IS_QUEUE_COUNT",
        present."FIRST_AGENT_ID" as "WAS_FIRST_AGENT_ID",
        batch."FIRST_AGENT_ID" as "IS_FIRST_AGENT_ID",
        present."AGENT_COUNT" as "WAS_AGENT_COUNT",
        batch."AGENT_COUNT" as "IS_AGENT_COUNT",
        present."AGENT_LEGS_NOT_RESPONDING" as "WAS_AGENT_LEGS_NOT_RESPONDING",
        batch."AGENT_LEGS_NOT_RESPONDING" as "IS_AGENT_LEGS_NOT_RESPONDING",
        present."HANDLE_COUNT" as "WAS_HANDLE_COUNT",
        batch."HANDLE_COUNT" as "IS_HANDLE_COUNT",
        present."TIME_SOURCE" as "WAS_TIME_SOURCE",
        batch."TIME_SOURCE" as "IS_TIME_SOURCE",
        present."TALK_TIME_MS" as "WAS_TALK_TIME_MS",
        batch."TALK_TIME_MS" as "IS_TALK_TIME_MS",
        present."HOLD_TIME_MS" as "WAS_HOLD_TIME_MS",
        batch."HOLD_TIME_MS" as "IS_HOLD_TIME_MS",
        present."WAIT_TIME_MS" as "WAS_WAIT_TIME_MS",
        batch."WAIT_TIME_MS" as "IS_WAIT_TIME_MS",
        present."ANSWER_TIME_MS" as "WAS_ANSWER_TIME_MS",
        batch."ANSWER_TIME_MS" as "IS_ANSWER_TIME_MS",
        present."CUSTOMER_DURATION_MS" as "WAS_CUSTOMER_DURATION_MS",
        batch."CUSTOMER_DURATION_MS" as "IS_CUSTOMER_DURATION_MS",
        present."OFFERED_COUNT" as "WAS_OFFERED_COUNT",
        batch."OFFERED_COUNT" as "IS_OFFERED_COUNT",
        present."ANSWERED_COUNT" as "WAS_ANSWERED_COUNT",
        batch."ANSWERED_COUNT" as "IS_ANSWERED_COUNT",
        present."ABANDONED_COUNT" as "WAS_ABANDONED_COUNT",
        batch."ABANDONED_COUNT" as "IS_ABANDONED_COUNT",
        present."FLOW_OUT_COUNT" as "WAS_FLOW_OUT_COUNT",
        batch."FLOW_OUT_COUNT" as "IS_FLOW_OUT_COUNT",
        present."OVER_SLA_COUNT" as "WAS_OVER_SLA_COUNT",
        batch."OVER_SLA_COUNT" as "IS_OVER_SLA_COUNT",
        present."WITHIN_SERVICE_LEVEL" as "WAS_WITHIN_SERVICE_LEVEL",
        batch."WITHIN_SERVICE_LEVEL" as "IS_WITHIN_SERVICE_LEVEL",
        present."ABANDONED_BEFORE_ANSWER" as "WAS_ABANDONED_BEFORE_ANSWER",
        batch."ABANDONED_BEFORE_ANSWER" as "IS_ABANDONED_BEFORE_ANSWER",
        present."SHORT_ABANDON" as "WAS_SHORT_ABANDON",
        batch."SHORT_ABANDON" as "IS_SHORT_ABANDON",
        present."TRANSFER_COUNT" as "WAS_TRANSFER_COUNT",
        batch."TRANSFER_COUNT" as "IS_TRANSFER_COUNT",
        present."BLIND_TRANSFERRED" as "WAS_BLIND_TRANSFERRED",
        batch."BLIND_TRANSFERRED" as "IS_BLIND_TRANSFERRED",
        present."CONSULT_TRANSFERRED" as "WAS_CONSULT_TRANSFERRED",
        batch."CONSULT_TRANSFERRED" as "IS_CONSULT_TRANSFERRED",
        present."DISCONNECT_TYPE" as "WAS_DISCONNECT_TYPE",
        batch."DISCONNECT_TYPE" as "IS_DISCONNECT_TYPE",
        present."ENDED_BY" as "WAS_ENDED_BY",
        batch."ENDED_BY" as "IS_ENDED_BY",
        present."WRAPUP_CODE" as "WAS_WRAPUP_CODE",
        batch."WRAPUP_CODE" as "IS_WRAPUP_CODE",
        present."WRAPUP_NAME" as "WAS_WRAPUP_NAME",
        batch."WRAPUP_NAME" as "IS_WRAPUP_NAME",
        present."BOT_PRESENT" as "WAS_BOT_PRESENT",
        batch."BOT_PRESENT" as "IS_BOT_PRESENT",
        present."SELF_SERVED" as "WAS_SELF_SERVED",
        batch."SELF_SERVED" as "IS_SELF_SERVED",
        present."FLOW_DISCONNECT" as "WAS_FLOW_DISCONNECT",
        batch."FLOW_DISCONNECT" as "IS_FLOW_DISCONNECT",
        present."FLOW_ID" as "WAS_FLOW_ID",
        batch."FLOW_ID" as "IS_FLOW_ID",
        present."FLOW_NAME" as "WAS_FLOW_NAME",
        batch."FLOW_NAME" as "IS_FLOW_NAME",
        present."WAS_ESCALATED_SOURCE" as "WAS_WAS_ESCALATED_SOURCE",
        batch."WAS_ESCALATED_SOURCE" as "IS_WAS_ESCALATED_SOURCE",
        present."NPS" as "WAS_NPS",
        batch."NPS" as "IS_NPS",
        present."SURVEY_PARTIAL" as "WAS_SURVEY_PARTIAL",
        batch."SURVEY_PARTIAL" as "IS_SURVEY_PARTIAL",
        present."SURVEY_ID" as "WAS_SURVEY_ID",
        batch."SURVEY_ID" as "IS_SURVEY_ID",
        present."EVALUATION_ID" as "WAS_EVALUATION_ID",
        batch."EVALUATION_ID" as "IS_EVALUATION_ID",
        present."DIVISION_ID" as "WAS_DIVISION_ID",
        batch."DIVISION_ID" as "IS_DIVISION_ID",
        present."EXTERNAL_CONTACT_ID" as "WAS_EXTERNAL_CONTACT_ID",
        batch."EXTERNAL_CONTACT_ID" as "IS_EXTERNAL_CONTACT_ID",
        present."QUESTION_COUNT" as "WAS_QUESTION_COUNT",
        batch."QUESTION_COUNT" as "IS_QUESTION_COUNT",
        present."ANSWERED_QUESTION_COUNT" as "WAS_ANSWERED_QUESTION_COUNT",
        batch."ANSWERED_QUESTION_COUNT" as "IS_ANSWERED_QUESTION_COUNT"
    from trunkline_batch as batch
    join merge_plan
        on batch.batch_file = merge_plan.batch_file
        and batch.batch_row = merge_plan.batch_row
    join "UNIFIED_INTERACTIONS" as present
        on present."CONVERSATION_ID" = batch."CONVERSATION_ID"
    where merge_plan.action = 'update'
)
select "CONVERSATION_ID", 'conversation_start' as column_name, to_varchar("WAS_CONVERSATION_START", 'YYYY-MM-DD HH24:MI:SS.FF6') as old_value, to_varchar("IS_CONVERSATION_START", 'YYYY-MM-DD HH24:MI:SS.FF6') as new_value, true as restates, source_run
from pair
where ("WAS_CONVERSATION_START" is null) <> ("IS_CONVERSATION_START" is null) or "WAS_CONVERSATION_START" <> "IS_CONVERSATION_START"
union all
select "CONVERSATION_ID", 'conversation_end' as column_name, to_varchar("WAS_CONVERSATION_END", 'YYYY-MM-DD HH24:MI:SS.FF6') as old_value, to_varchar("IS_CONVERSATION_END", 'YYYY-MM-DD HH24:MI:SS.FF6') as new_value, true as restates, source_run
from pair
where ("WAS_CONVERSATION_END" is null) <> ("IS_CONVERSATION_END" is null) or "WAS_CONVERSATION_END" <> "IS_CONVERSATION_END"
union all
select "CONVERSATION_ID", 'duration_ms' as column_name, cast("WAS_DURATION_MS" as varchar) as old_value, cast("IS_DURATION_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_DURATION_MS" is null) <> ("IS_DURATION_MS" is null) or "WAS_DURATION_MS" <> "IS_DURATION_MS"
union all
select "CONVERSATION_ID", 'queue_id' as column_name, cast("WAS_QUEUE_ID" as varchar) as old_value, cast("IS_QUEUE_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_QUEUE_ID" is null) <> ("IS_QUEUE_ID" is null) or "WAS_QUEUE_ID" <> "IS_QUEUE_ID"
union all
select "CONVERSATION_ID", 'queue_name' as column_name, cast("WAS_QUEUE_NAME" as varchar) as old_value, cast("IS_QUEUE_NAME" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_QUEUE_NAME" is null) <> ("IS_QUEUE_NAME" is null) or "WAS_QUEUE_NAME" <> "IS_QUEUE_NAME"
union all
select "CONVERSATION_ID", 'media_type' as column_name, cast("WAS_MEDIA_TYPE" as varchar) as old_value, cast("IS_MEDIA_TYPE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_MEDIA_TYPE" is null) <> ("IS_MEDIA_TYPE" is null) or "WAS_MEDIA_TYPE" <> "IS_MEDIA_TYPE"
union all
select "CONVERSATION_ID", 'agent_id' as column_name, cast("WAS_AGENT_ID" as varchar) as old_value, cast("IS_AGENT_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_AGENT_ID" is null) <> ("IS_AGENT_ID" is null) or "WAS_AGENT_ID" <> "IS_AGENT_ID"
union all
select "CONVERSATION_ID", 'agent_name' as column_name, cast("WAS_AGENT_NAME" as varchar) as old_value, cast("IS_AGENT_NAME" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_AGENT_NAME" is null) <> ("IS_AGENT_NAME" is null) or "WAS_AGENT_NAME" <> "IS_AGENT_NAME"
union all
select "CONVERSATION_ID", 'handle_time_ms' as column_name, cast("WAS_HANDLE_TIME_MS" as varchar) as old_value, cast("IS_HANDLE_TIME_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_HANDLE_TIME_MS" is null) <> ("IS_HANDLE_TIME_MS" is null) or "WAS_HANDLE_TIME_MS" <> "IS_HANDLE_TIME_MS"
union all
select "CONVERSATION_ID", 'acw_time_ms' as column_name, cast("WAS_ACW_TIME_MS" as varchar) as old_value, cast("IS_ACW_TIME_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ACW_TIME_MS" is null) <> ("IS_ACW_TIME_MS" is null) or "WAS_ACW_TIME_MS" <> "IS_ACW_TIME_MS"
union all
select "CONVERSATION_ID", 'abandoned' as column_name, cast("WAS_ABANDONED" as varchar) as old_value, cast("IS_ABANDONED" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ABANDONED" is null) <> ("IS_ABANDONED" is null) or "WAS_ABANDONED" <> "IS_ABANDONED"
union all
select "CONVERSATION_ID", 'transferred' as column_name, cast("WAS_TRANSFERRED" as varchar) as old_value, cast("IS_TRANSFERRED" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_TRANSFERRED" is null) <> ("IS_TRANSFERRED" is null) or "WAS_TRANSFERRED" <> "IS_TRANSFERRED"
union all
select "CONVERSATION_ID", 'qa_score' as column_name, cast("WAS_QA_SCORE" as varchar) as old_value, cast("IS_QA_SCORE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_QA_SCORE" is null) <> ("IS_QA_SCORE" is null) or "WAS_QA_SCORE" <> "IS_QA_SCORE"
union all
select "CONVERSATION_ID", 'csat_score' as column_name, cast("WAS_CSAT_SCORE" as varchar) as old_value, cast("IS_CSAT_SCORE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_CSAT_SCORE" is null) <> ("IS_CSAT_SCORE" is null) or "WAS_CSAT_SCORE" <> "IS_CSAT_SCORE"
union all
select "CONVERSATION_ID", 'crm_account_id' as column_name, cast("WAS_CRM_ACCOUNT_ID" as varchar) as old_value, cast("IS_CRM_ACCOUNT_ID" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_CRM_ACCOUNT_ID" is null) <> ("IS_CRM_ACCOUNT_ID" is null) or "WAS_CRM_ACCOUNT_ID" <> "IS_CRM_ACCOUNT_ID"
union all
select "CONVERSATION_ID", 'crm_case_id' as column_name, cast("WAS_CRM_CASE_ID" as varchar) as old_value, cast("IS_CRM_CASE_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_CRM_CASE_ID" is null) <> ("IS_CRM_CASE_ID" is null) or "WAS_CRM_CASE_ID" <> "IS_CRM_CASE_ID"
union all
select "CONVERSATION_ID", 'customer_tier' as column_name, cast("WAS_CUSTOMER_TIER" as varchar) as old_value, cast("IS_CUSTOMER_TIER" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_CUSTOMER_TIER" is null) <> ("IS_CUSTOMER_TIER" is null) or "WAS_CUSTOMER_TIER" <> "IS_CUSTOMER_TIER"
union all
select "CONVERSATION_ID", 'account_owner' as column_name, cast("WAS_ACCOUNT_OWNER" as varchar) as old_value, cast("IS_ACCOUNT_OWNER" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_ACCOUNT_OWNER" is null) <> ("IS_ACCOUNT_OWNER" is null) or "WAS_ACCOUNT_OWNER" <> "IS_ACCOUNT_OWNER"
union all
select "CONVERSATION_ID", 'open_opportunity_count' as column_name, cast("WAS_OPEN_OPPORTUNITY_COUNT" as varchar) as old_value, cast("IS_OPEN_OPPORTUNITY_COUNT" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_OPEN_OPPORTUNITY_COUNT" is null) <> ("IS_OPEN_OPPORTUNITY_COUNT" is null) or "WAS_OPEN_OPPORTUNITY_COUNT" <> "IS_OPEN_OPPORTUNITY_COUNT"
union all
select "CONVERSATION_ID", 'ltv_usd' as column_name, cast("WAS_LTV_USD" as varchar) as old_value, cast("IS_LTV_USD" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_LTV_USD" is null) <> ("IS_LTV_USD" is null) or "WAS_LTV_USD" <> "IS_LTV_USD"
union all
select "CONVERSATION_ID", 'case_category' as column_name, cast("WAS_CASE_CATEGORY" as varchar) as old_value, cast("IS_CASE_CATEGORY" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_CASE_CATEGORY" is null) <> ("IS_CASE_CATEGORY" is null) or "WAS_CASE_CATEGORY" <> "IS_CASE_CATEGORY"
union all
select "CONVERSATION_ID", 'was_escalated' as column_name, cast("WAS_WAS_ESCALATED" as varchar) as old_value, cast("IS_WAS_ESCALATED" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_WAS_ESCALATED" is null) <> ("IS_WAS_ESCALATED" is null) or "WAS_WAS_ESCALATED" <> "IS_WAS_ESCALATED"
union all
select "CONVERSATION_ID", 'handled_by_bot_only' as column_name, cast("WAS_HANDLED_BY_BOT_ONLY" as varchar) as old_value, cast("IS_HANDLED_BY_BOT_ONLY" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_HANDLED_BY_BOT_ONLY" is null) <> ("IS_HANDLED_BY_BOT_ONLY" is null) or "WAS_HANDLED_BY_BOT_ONLY" <> "IS_HANDLED_BY_BOT_ONLY"
union all
select "CONVERSATION_ID", 'data_source' as column_name, cast("WAS_DATA_SOURCE" as varchar) as old_value, cast("IS_DATA_SOURCE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_DATA_SOURCE" is null) <> ("IS_DATA_SOURCE" is null) or "WAS_DATA_SOURCE" <> "IS_DATA_SOURCE"
union all
select "CONVERSATION_ID", 'business_date' as column_name, cast("WAS_BUSINESS_DATE" as varchar) as old_value, cast("IS_BUSINESS_DATE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_BUSINESS_DATE" is null) <> ("IS_BUSINESS_DATE" is null) or "WAS_BUSINESS_DATE" <> "IS_BUSINESS_DATE"
union all
select "CONVERSATION_ID", 'customer_tier_at_contact' as column_name, cast("WAS_CUSTOMER_TIER_AT_CONTACT" as varchar) as old_value, cast("IS_CUSTOMER_TIER_AT_CONTACT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_CUSTOMER_TIER_AT_CONTACT" is null) <> ("IS_CUSTOMER_TIER_AT_CONTACT" is null) or "WAS_CUSTOMER_TIER_AT_CONTACT" <> "IS_CUSTOMER_TIER_AT_CONTACT"
union all
select "CONVERSATION_ID", 'crm_account_name' as column_name, cast("WAS_CRM_ACCOUNT_NAME" as varchar) as old_value, cast("IS_CRM_ACCOUNT_NAME" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_CRM_ACCOUNT_NAME" is null) <> ("IS_CRM_ACCOUNT_NAME" is null) or "WAS_CRM_ACCOUNT_NAME" <> "IS_CRM_ACCOUNT_NAME"
union all
select "CONVERSATION_ID", 'industry' as column_name, cast("WAS_INDUSTRY" as varchar) as old_value, cast("IS_INDUSTRY" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_INDUSTRY" is null) <> ("IS_INDUSTRY" is null) or "WAS_INDUSTRY" <> "IS_INDUSTRY"
union all
select "CONVERSATION_ID", 'open_case_count' as column_name, cast("WAS_OPEN_CASE_COUNT" as varchar) as old_value, cast("IS_OPEN_CASE_COUNT" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_OPEN_CASE_COUNT" is null) <> ("IS_OPEN_CASE_COUNT" is null) or "WAS_OPEN_CASE_COUNT" <> "IS_OPEN_CASE_COUNT"
union all
select "CONVERSATION_ID", 'crm_match_method' as column_name, cast("WAS_CRM_MATCH_METHOD" as varchar) as old_value, cast("IS_CRM_MATCH_METHOD" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_CRM_MATCH_METHOD" is null) <> ("IS_CRM_MATCH_METHOD" is null) or "WAS_CRM_MATCH_METHOD" <> "IS_CRM_MATCH_METHOD"
union all
select "CONVERSATION_ID", 'crm_id_status' as column_name, cast("WAS_CRM_ID_STATUS" as varchar) as old_value, cast("IS_CRM_ID_STATUS" as varchar) as new_value, false as restates, source_run
from pair
where ("WAS_CRM_ID_STATUS" is null) <> ("IS_CRM_ID_STATUS" is null) or "WAS_CRM_ID_STATUS" <> "IS_CRM_ID_STATUS"
union all
select "CONVERSATION_ID", 'crm_account_id_given' as column_name, cast("WAS_CRM_ACCOUNT_ID_GIVEN" as varchar) as old_value, cast("IS_CRM_ACCOUNT_ID_GIVEN" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_CRM_ACCOUNT_ID_GIVEN" is null) <> ("IS_CRM_ACCOUNT_ID_GIVEN" is null) or "WAS_CRM_ACCOUNT_ID_GIVEN" <> "IS_CRM_ACCOUNT_ID_GIVEN"
union all
select "CONVERSATION_ID", 'is_open' as column_name, cast("WAS_IS_OPEN" as varchar) as old_value, cast("IS_IS_OPEN" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_IS_OPEN" is null) <> ("IS_IS_OPEN" is null) or "WAS_IS_OPEN" <> "IS_IS_OPEN"
union all
select "CONVERSATION_ID", 'direction' as column_name, cast("WAS_DIRECTION" as varchar) as old_value, cast("IS_DIRECTION" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_DIRECTION" is null) <> ("IS_DIRECTION" is null) or "WAS_DIRECTION" <> "IS_DIRECTION"
union all
select "CONVERSATION_ID", 'media_types' as column_name, cast("WAS_MEDIA_TYPES" as varchar) as old_value, cast("IS_MEDIA_TYPES" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_MEDIA_TYPES" is null) <> ("IS_MEDIA_TYPES" is null) or "WAS_MEDIA_TYPES" <> "IS_MEDIA_TYPES"
union all
select "CONVERSATION_ID", 'message_type' as column_name, cast("WAS_MESSAGE_TYPE" as varchar) as old_value, cast("IS_MESSAGE_TYPE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_MESSAGE_TYPE" is null) <> ("IS_MESSAGE_TYPE" is null) or "WAS_MESSAGE_TYPE" <> "IS_MESSAGE_TYPE"
union all
select "CONVERSATION_ID", 'has_callback' as column_name, cast("WAS_HAS_CALLBACK" as varchar) as old_value, cast("IS_HAS_CALLBACK" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_HAS_CALLBACK" is null) <> ("IS_HAS_CALLBACK" is null) or "WAS_HAS_CALLBACK" <> "IS_HAS_CALLBACK"
union all
select "CONVERSATION_ID", 'first_queue_id' as column_name, cast("WAS_FIRST_QUEUE_ID" as varchar) as old_value, cast("IS_FIRST_QUEUE_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_FIRST_QUEUE_ID" is null) <> ("IS_FIRST_QUEUE_ID" is null) or "WAS_FIRST_QUEUE_ID" <> "IS_FIRST_QUEUE_ID"
union all
select "CONVERSATION_ID", 'last_queue_id' as column_name, cast("WAS_LAST_QUEUE_ID" as varchar) as old_value, cast("IS_LAST_QUEUE_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_LAST_QUEUE_ID" is null) <> ("IS_LAST_QUEUE_ID" is null) or "WAS_LAST_QUEUE_ID" <> "IS_LAST_QUEUE_ID"
union all
select "CONVERSATION_ID", 'queue_count' as column_name, cast("WAS_QUEUE_COUNT" as varchar) as old_value, cast("IS_QUEUE_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_QUEUE_COUNT" is null) <> ("IS_QUEUE_COUNT" is null) or "WAS_QUEUE_COUNT" <> "IS_QUEUE_COUNT"
union all
select "CONVERSATION_ID", 'first_agent_id' as column_name, cast("WAS_FIRST_AGENT_ID" as varchar) as old_value, cast("IS_FIRST_AGENT_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_FIRST_AGENT_ID" is null) <> ("IS_FIRST_AGENT_ID" is null) or "WAS_FIRST_AGENT_ID" <> "IS_FIRST_AGENT_ID"
union all
select "CONVERSATION_ID", 'agent_count' as column_name, cast("WAS_AGENT_COUNT" as varchar) as old_value, cast("IS_AGENT_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_AGENT_COUNT" is null) <> ("IS_AGENT_COUNT" is null) or "WAS_AGENT_COUNT" <> "IS_AGENT_COUNT"
union all
select "CONVERSATION_ID", 'agent_legs_not_responding' as column_name, cast("WAS_AGENT_LEGS_NOT_RESPONDING" as varchar) as old_value, cast("IS_AGENT_LEGS_NOT_RESPONDING" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_AGENT_LEGS_NOT_RESPONDING" is null) <> ("IS_AGENT_LEGS_NOT_RESPONDING" is null) or "WAS_AGENT_LEGS_NOT_RESPONDING" <> "IS_AGENT_LEGS_NOT_RESPONDING"
union all
select "CONVERSATION_ID", 'handle_count' as column_name, cast("WAS_HANDLE_COUNT" as varchar) as old_value, cast("IS_HANDLE_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_HANDLE_COUNT" is null) <> ("IS_HANDLE_COUNT" is null) or "WAS_HANDLE_COUNT" <> "IS_HANDLE_COUNT"
union all
select "CONVERSATION_ID", 'time_source' as column_name, cast("WAS_TIME_SOURCE" as varchar) as old_value, cast("IS_TIME_SOURCE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_TIME_SOURCE" is null) <> ("IS_TIME_SOURCE" is null) or "WAS_TIME_SOURCE" <> "IS_TIME_SOURCE"
union all
select "CONVERSATION_ID", 'talk_time_ms' as column_name, cast("WAS_TALK_TIME_MS" as varchar) as old_value, cast("IS_TALK_TIME_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_TALK_TIME_MS" is null) <> ("IS_TALK_TIME_MS" is null) or "WAS_TALK_TIME_MS" <> "IS_TALK_TIME_MS"
union all
select "CONVERSATION_ID", 'hold_time_ms' as column_name, cast("WAS_HOLD_TIME_MS" as varchar) as old_value, cast("IS_HOLD_TIME_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_HOLD_TIME_MS" is null) <> ("IS_HOLD_TIME_MS" is null) or "WAS_HOLD_TIME_MS" <> "IS_HOLD_TIME_MS"
union all
select "CONVERSATION_ID", 'wait_time_ms' as column_name, cast("WAS_WAIT_TIME_MS" as varchar) as old_value, cast("IS_WAIT_TIME_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_WAIT_TIME_MS" is null) <> ("IS_WAIT_TIME_MS" is null) or "WAS_WAIT_TIME_MS" <> "IS_WAIT_TIME_MS"
union all
select "CONVERSATION_ID", 'answer_time_ms' as column_name, cast("WAS_ANSWER_TIME_MS" as varchar) as old_value, cast("IS_ANSWER_TIME_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ANSWER_TIME_MS" is null) <> ("IS_ANSWER_TIME_MS" is null) or "WAS_ANSWER_TIME_MS" <> "IS_ANSWER_TIME_MS"
union all
select "CONVERSATION_ID", 'customer_duration_ms' as column_name, cast("WAS_CUSTOMER_DURATION_MS" as varchar) as old_value, cast("IS_CUSTOMER_DURATION_MS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_CUSTOMER_DURATION_MS" is null) <> ("IS_CUSTOMER_DURATION_MS" is null) or "WAS_CUSTOMER_DURATION_MS" <> "IS_CUSTOMER_DURATION_MS"
union all
select "CONVERSATION_ID", 'offered_count' as column_name, cast("WAS_OFFERED_COUNT" as varchar) as old_value, cast("IS_OFFERED_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_OFFERED_COUNT" is null) <> ("IS_OFFERED_COUNT" is null) or "WAS_OFFERED_COUNT" <> "IS_OFFERED_COUNT"
union all
select "CONVERSATION_ID", 'answered_count' as column_name, cast("WAS_ANSWERED_COUNT" as varchar) as old_value, cast("IS_ANSWERED_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ANSWERED_COUNT" is null) <> ("IS_ANSWERED_COUNT" is null) or "WAS_ANSWERED_COUNT" <> "IS_ANSWERED_COUNT"
union all
select "CONVERSATION_ID", 'abandoned_count' as column_name, cast("WAS_ABANDONED_COUNT" as varchar) as old_value, cast("IS_ABANDONED_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ABANDONED_COUNT" is null) <> ("IS_ABANDONED_COUNT" is null) or "WAS_ABANDONED_COUNT" <> "IS_ABANDONED_COUNT"
union all
select "CONVERSATION_ID", 'flow_out_count' as column_name, cast("WAS_FLOW_OUT_COUNT" as varchar) as old_value, cast("IS_FLOW_OUT_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_FLOW_OUT_COUNT" is null) <> ("IS_FLOW_OUT_COUNT" is null) or "WAS_FLOW_OUT_COUNT" <> "IS_FLOW_OUT_COUNT"
union all
select "CONVERSATION_ID", 'over_sla_count' as column_name, cast("WAS_OVER_SLA_COUNT" as varchar) as old_value, cast("IS_OVER_SLA_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_OVER_SLA_COUNT" is null) <> ("IS_OVER_SLA_COUNT" is null) or "WAS_OVER_SLA_COUNT" <> "IS_OVER_SLA_COUNT"
union all
select "CONVERSATION_ID", 'within_service_level' as column_name, cast("WAS_WITHIN_SERVICE_LEVEL" as varchar) as old_value, cast("IS_WITHIN_SERVICE_LEVEL" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_WITHIN_SERVICE_LEVEL" is null) <> ("IS_WITHIN_SERVICE_LEVEL" is null) or "WAS_WITHIN_SERVICE_LEVEL" <> "IS_WITHIN_SERVICE_LEVEL"
union all
select "CONVERSATION_ID", 'abandoned_before_answer' as column_name, cast("WAS_ABANDONED_BEFORE_ANSWER" as varchar) as old_value, cast("IS_ABANDONED_BEFORE_ANSWER" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ABANDONED_BEFORE_ANSWER" is null) <> ("IS_ABANDONED_BEFORE_ANSWER" is null) or "WAS_ABANDONED_BEFORE_ANSWER" <> "IS_ABANDONED_BEFORE_ANSWER"
union all
select "CONVERSATION_ID", 'short_abandon' as column_name, cast("WAS_SHORT_ABANDON" as varchar) as old_value, cast("IS_SHORT_ABANDON" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_SHORT_ABANDON" is null) <> ("IS_SHORT_ABANDON" is null) or "WAS_SHORT_ABANDON" <> "IS_SHORT_ABANDON"
union all
select "CONVERSATION_ID", 'transfer_count' as column_name, cast("WAS_TRANSFER_COUNT" as varchar) as old_value, cast("IS_TRANSFER_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_TRANSFER_COUNT" is null) <> ("IS_TRANSFER_COUNT" is null) or "WAS_TRANSFER_COUNT" <> "IS_TRANSFER_COUNT"
union all
select "CONVERSATION_ID", 'blind_transferred' as column_name, cast("WAS_BLIND_TRANSFERRED" as varchar) as old_value, cast("IS_BLIND_TRANSFERRED" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_BLIND_TRANSFERRED" is null) <> ("IS_BLIND_TRANSFERRED" is null) or "WAS_BLIND_TRANSFERRED" <> "IS_BLIND_TRANSFERRED"
union all
select "CONVERSATION_ID", 'consult_transferred' as column_name, cast("WAS_CONSULT_TRANSFERRED" as varchar) as old_value, cast("IS_CONSULT_TRANSFERRED" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_CONSULT_TRANSFERRED" is null) <> ("IS_CONSULT_TRANSFERRED" is null) or "WAS_CONSULT_TRANSFERRED" <> "IS_CONSULT_TRANSFERRED"
union all
select "CONVERSATION_ID", 'disconnect_type' as column_name, cast("WAS_DISCONNECT_TYPE" as varchar) as old_value, cast("IS_DISCONNECT_TYPE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_DISCONNECT_TYPE" is null) <> ("IS_DISCONNECT_TYPE" is null) or "WAS_DISCONNECT_TYPE" <> "IS_DISCONNECT_TYPE"
union all
select "CONVERSATION_ID", 'ended_by' as column_name, cast("WAS_ENDED_BY" as varchar) as old_value, cast("IS_ENDED_BY" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ENDED_BY" is null) <> ("IS_ENDED_BY" is null) or "WAS_ENDED_BY" <> "IS_ENDED_BY"
union all
select "CONVERSATION_ID", 'wrapup_code' as column_name, cast("WAS_WRAPUP_CODE" as varchar) as old_value, cast("IS_WRAPUP_CODE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_WRAPUP_CODE" is null) <> ("IS_WRAPUP_CODE" is null) or "WAS_WRAPUP_CODE" <> "IS_WRAPUP_CODE"
union all
select "CONVERSATION_ID", 'wrapup_name' as column_name, cast("WAS_WRAPUP_NAME" as varchar) as old_value, cast("IS_WRAPUP_NAME" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_WRAPUP_NAME" is null) <> ("IS_WRAPUP_NAME" is null) or "WAS_WRAPUP_NAME" <> "IS_WRAPUP_NAME"
union all
select "CONVERSATION_ID", 'bot_present' as column_name, cast("WAS_BOT_PRESENT" as varchar) as old_value, cast("IS_BOT_PRESENT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_BOT_PRESENT" is null) <> ("IS_BOT_PRESENT" is null) or "WAS_BOT_PRESENT" <> "IS_BOT_PRESENT"
union all
select "CONVERSATION_ID", 'self_served' as column_name, cast("WAS_SELF_SERVED" as varchar) as old_value, cast("IS_SELF_SERVED" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_SELF_SERVED" is null) <> ("IS_SELF_SERVED" is null) or "WAS_SELF_SERVED" <> "IS_SELF_SERVED"
union all
select "CONVERSATION_ID", 'flow_disconnect' as column_name, cast("WAS_FLOW_DISCONNECT" as varchar) as old_value, cast("IS_FLOW_DISCONNECT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_FLOW_DISCONNECT" is null) <> ("IS_FLOW_DISCONNECT" is null) or "WAS_FLOW_DISCONNECT" <> "IS_FLOW_DISCONNECT"
union all
select "CONVERSATION_ID", 'flow_id' as column_name, cast("WAS_FLOW_ID" as varchar) as old_value, cast("IS_FLOW_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_FLOW_ID" is null) <> ("IS_FLOW_ID" is null) or "WAS_FLOW_ID" <> "IS_FLOW_ID"
union all
select "CONVERSATION_ID", 'flow_name' as column_name, cast("WAS_FLOW_NAME" as varchar) as old_value, cast("IS_FLOW_NAME" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_FLOW_NAME" is null) <> ("IS_FLOW_NAME" is null) or "WAS_FLOW_NAME" <> "IS_FLOW_NAME"
union all
select "CONVERSATION_ID", 'was_escalated_source' as column_name, cast("WAS_WAS_ESCALATED_SOURCE" as varchar) as old_value, cast("IS_WAS_ESCALATED_SOURCE" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_WAS_ESCALATED_SOURCE" is null) <> ("IS_WAS_ESCALATED_SOURCE" is null) or "WAS_WAS_ESCALATED_SOURCE" <> "IS_WAS_ESCALATED_SOURCE"
union all
select "CONVERSATION_ID", 'nps' as column_name, cast("WAS_NPS" as varchar) as old_value, cast("IS_NPS" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_NPS" is null) <> ("IS_NPS" is null) or "WAS_NPS" <> "IS_NPS"
union all
select "CONVERSATION_ID", 'survey_partial' as column_name, cast("WAS_SURVEY_PARTIAL" as varchar) as old_value, cast("IS_SURVEY_PARTIAL" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_SURVEY_PARTIAL" is null) <> ("IS_SURVEY_PARTIAL" is null) or "WAS_SURVEY_PARTIAL" <> "IS_SURVEY_PARTIAL"
union all
select "CONVERSATION_ID", 'survey_id' as column_name, cast("WAS_SURVEY_ID" as varchar) as old_value, cast("IS_SURVEY_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_SURVEY_ID" is null) <> ("IS_SURVEY_ID" is null) or "WAS_SURVEY_ID" <> "IS_SURVEY_ID"
union all
select "CONVERSATION_ID", 'evaluation_id' as column_name, cast("WAS_EVALUATION_ID" as varchar) as old_value, cast("IS_EVALUATION_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_EVALUATION_ID" is null) <> ("IS_EVALUATION_ID" is null) or "WAS_EVALUATION_ID" <> "IS_EVALUATION_ID"
union all
select "CONVERSATION_ID", 'division_id' as column_name, cast("WAS_DIVISION_ID" as varchar) as old_value, cast("IS_DIVISION_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_DIVISION_ID" is null) <> ("IS_DIVISION_ID" is null) or "WAS_DIVISION_ID" <> "IS_DIVISION_ID"
union all
select "CONVERSATION_ID", 'external_contact_id' as column_name, cast("WAS_EXTERNAL_CONTACT_ID" as varchar) as old_value, cast("IS_EXTERNAL_CONTACT_ID" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_EXTERNAL_CONTACT_ID" is null) <> ("IS_EXTERNAL_CONTACT_ID" is null) or "WAS_EXTERNAL_CONTACT_ID" <> "IS_EXTERNAL_CONTACT_ID"
union all
select "CONVERSATION_ID", 'question_count' as column_name, cast("WAS_QUESTION_COUNT" as varchar) as old_value, cast("IS_QUESTION_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_QUESTION_COUNT" is null) <> ("IS_QUESTION_COUNT" is null) or "WAS_QUESTION_COUNT" <> "IS_QUESTION_COUNT"
union all
select "CONVERSATION_ID", 'answered_question_count' as column_name, cast("WAS_ANSWERED_QUESTION_COUNT" as varchar) as old_value, cast("IS_ANSWERED_QUESTION_COUNT" as varchar) as new_value, true as restates, source_run
from pair
where ("WAS_ANSWERED_QUESTION_COUNT" is null) <> ("IS_ANSWERED_QUESTION_COUNT" is null) or "WAS_ANSWERED_QUESTION_COUNT" <> "IS_ANSWERED_QUESTION_COUNT";

-- record
insert into "UNIFIED_INTERACTION_CHANGES" (
    "CONVERSATION_ID",
    "COLUMN_NAME",
    "CHANGED_AT",
    "SOURCE_RUN",
    "OLD_VALUE",
    "NEW_VALUE",
    "RESTATES"
)
select
    "CONVERSATION_ID",
    "COLUMN_NAME",
    cast($loaded_at as timestamp_ntz),
    "SOURCE_RUN",
    "OLD_VALUE",
    "NEW_VALUE",
    "RESTATES"
from merge_changes;

-- delete
delete from "UNIFIED_INTERACTIONS"
using merge_plan
where "UNIFIED_INTERACTIONS"."CONVERSATION_ID" = merge_plan."CONVERSATION_ID"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "UNIFIED_INTERACTIONS" (
    "CONVERSATION_ID",
    "CONVERSATION_START",
    "CONVERSATION_END",
    "DURATION_MS",
    "QUEUE_ID",
    "QUEUE_NAME",
    "MEDIA_TYPE",
    "AGENT_ID",
    "AGENT_NAME",
    "HANDLE_TIME_MS",
    "ACW_TIME_MS",
    "ABANDONED",
    "TRANSFERRED",
    "QA_SCORE",
    "CSAT_SCORE",
    "CRM_ACCOUNT_ID",
    "CRM_CASE_ID",
    "CUSTOMER_TIER",
    "ACCOUNT_OWNER",
    "OPEN_OPPORTUNITY_COUNT",
    "LTV_USD",
    "CASE_CATEGORY",
    "WAS_ESCALATED",
    "HANDLED_BY_BOT_ONLY",
    "ETL_LOADED_AT",
    "DATA_SOURCE",
    "BUSINESS_DATE",
    "CUSTOMER_TIER_AT_CONTACT",
    "CRM_ACCOUNT_NAME",
    "INDUSTRY",
    "OPEN_CASE_COUNT",
    "CRM_MATCH_METHOD",
    "CRM_ID_STATUS",
    "CRM_ACCOUNT_ID_GIVEN",
    "FINALITY",
    "IS_OPEN",
    "DIRECTION",
    "MEDIA_TYPES",
    "MESSAGE_TYPE",
    "HAS_CALLBACK",
    "FIRST_QUEUE_ID",
    "LAST_QUEUE_ID",
    "QUEUE_COUNT",
    "FIRST_AGENT_ID",
    "AGENT_COUNT",
    "AGENT_LEGS_NOT_RESPONDING",
    "HANDLE_COUNT",
    "TIME_SOURCE",
    "TALK_TIME_MS",
    "HOLD_TIME_MS",
    "WAIT_TIME_MS",
    "ANSWER_TIME_MS",
    "CUSTOMER_DURATION_MS",
    "OFFERED_COUNT",
    "ANSWERED_COUNT",
    "ABANDONED_COUNT",
    "FLOW_OUT_COUNT",
    "OVER_SLA_COUNT",
    "WITHIN_SERVICE_LEVEL",
    "ABANDONED_BEFORE_ANSWER",
    "SHORT_ABANDON",
    "TRANSFER_COUNT",
    "BLIND_TRANSFERRED",
    "CONSULT_TRANSFERRED",
    "DISCONNECT_TYPE",
    "ENDED_BY",
    "WRAPUP_CODE",
    "WRAPUP_NAME",
    "BOT_PRESENT",
    "SELF_SERVED",
    "FLOW_DISCONNECT",
    "FLOW_ID",
    "FLOW_NAME",
    "WAS_ESCALATED_SOURCE",
    "NPS",
    "SURVEY_PARTIAL",
    "SURVEY_ID",
    "EVALUATION_ID",
    "DIVISION_ID",
    "EXTERNAL_CONTACT_ID",
    "QUESTION_COUNT",
    "ANSWERED_QUESTION_COUNT",
    "SOURCE_RUN",
    "OBSERVED_AT",
    "ROW_HASH",
    "FIRST_SEEN_AT",
    "LAST_CHANGED_AT",
    "RESTATED_AT"
)
select
    batch."CONVERSATION_ID",
    batch."CONVERSATION_START",
    batch."CONVERSATION_END",
    batch."DURATION_MS",
    batch."QUEUE_ID",
    batch."QUEUE_NAME",
    batch."MEDIA_TYPE",
    batch."AGENT_ID",
    batch."AGENT_NAME",
    batch."HANDLE_TIME_MS",
    batch."ACW_TIME_MS",
    batch."ABANDONED",
    batch."TRANSFERRED",
    batch."QA_SCORE",
    batch."CSAT_SCORE",
    batch."CRM_ACCOUNT_ID",
    batch."CRM_CASE_ID",
    batch."CUSTOMER_TIER",
    batch."ACCOUNT_OWNER",
    batch."OPEN_OPPORTUNITY_COUNT",
    batch."LTV_USD",
    batch."CASE_CATEGORY",
    batch."WAS_ESCALATED",
    batch."HANDLED_BY_BOT_ONLY",
    cast($loaded_at as timestamp_ntz),
    batch."DATA_SOURCE",
    batch."BUSINESS_DATE",
    batch."CUSTOMER_TIER_AT_CONTACT",
    batch."CRM_ACCOUNT_NAME",
    batch."INDUSTRY",
    batch."OPEN_CASE_COUNT",
    batch."CRM_MATCH_METHOD",
    batch."CRM_ID_STATUS",
    batch."CRM_ACCOUNT_ID_GIVEN",
    case when batch."FINALITY" = 'final' and coalesce(merge_plan."RESTATED_AT", case when merge_plan."FINALITY" in ('final', 'restated') and changed."CONVERSATION_ID" is not null then cast($loaded_at as timestamp_ntz) end) is not null then 'restated' else batch."FINALITY" end,
    batch."IS_OPEN",
    batch."DIRECTION",
    batch."MEDIA_TYPES",
    batch."MESSAGE_TYPE",
    batch."HAS_CALLBACK",
    batch."FIRST_QUEUE_ID",
    batch."LAST_QUEUE_ID",
    batch."QUEUE_COUNT",
    batch."FIRST_AGENT_ID",
    batch."AGENT_COUNT",
    batch."AGENT_LEGS_NOT_RESPONDING",
    batch."HANDLE_COUNT",
    batch."TIME_SOURCE",
    batch."TALK_TIME_MS",
    batch."HOLD_TIME_MS",
    batch."WAIT_TIME_MS",
    batch."ANSWER_TIME_MS",
    batch."CUSTOMER_DURATION_MS",
    batch."OFFERED_COUNT",
    batch."ANSWERED_COUNT",
    batch."ABANDONED_COUNT",
    batch."FLOW_OUT_COUNT",
    batch."OVER_SLA_COUNT",
    batch."WITHIN_SERVICE_LEVEL",
    batch."ABANDONED_BEFORE_ANSWER",
    batch."SHORT_ABANDON",
    batch."TRANSFER_COUNT",
    batch."BLIND_TRANSFERRED",
    batch."CONSULT_TRANSFERRED",
    batch."DISCONNECT_TYPE",
    batch."ENDED_BY",
    batch."WRAPUP_CODE",
    batch."WRAPUP_NAME",
    batch."BOT_PRESENT",
    batch."SELF_SERVED",
    batch."FLOW_DISCONNECT",
    batch."FLOW_ID",
    batch."FLOW_NAME",
    batch."WAS_ESCALATED_SOURCE",
    batch."NPS",
    batch."SURVEY_PARTIAL",
    batch."SURVEY_ID",
    batch."EVALUATION_ID",
    batch."DIVISION_ID",
    batch."EXTERNAL_CONTACT_ID",
    batch."QUESTION_COUNT",
    batch."ANSWERED_QUESTION_COUNT",
    batch."SOURCE_RUN",
    batch."OBSERVED_AT",
    batch."ROW_HASH",
    coalesce(merge_plan."FIRST_SEEN_AT", cast($loaded_at as timestamp_ntz)),
    case when merge_plan.action = 'settle' then merge_plan."LAST_CHANGED_AT" else cast($loaded_at as timestamp_ntz) end,
    coalesce(merge_plan."RESTATED_AT", case when merge_plan."FINALITY" in ('final', 'restated') and changed."CONVERSATION_ID" is not null then cast($loaded_at as timestamp_ntz) end)
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
left join (
    select distinct "CONVERSATION_ID"
    from merge_changes
    where restates
) as changed
    on changed."CONVERSATION_ID" = merge_plan."CONVERSATION_ID"
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;

-- drop
drop table merge_changes;
