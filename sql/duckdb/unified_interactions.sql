-- Generated. Table unified_interactions: DDL and merge.
create table if not exists "unified_interactions" (
    "conversation_id" varchar not null,
    "conversation_start" timestamp not null,
    "conversation_end" timestamp,
    "duration_ms" bigint,
    "queue_id" varchar,
    "queue_name" varchar,
    "media_type" varchar,
    "agent_id" varchar,
    "agent_name" varchar,
    "handle_time_ms" bigint,
    "acw_time_ms" bigint,
    "abandoned" boolean,
    "transferred" boolean,
    "qa_score" double,
    "csat_score" double,
    "crm_account_id" varchar,
    "crm_case_id" varchar,
    "customer_tier" varchar,
    "account_owner" varchar,
    "open_opportunity_count" bigint,
    "ltv_usd" double,
    "case_category" varchar,
    "was_escalated" boolean,
    "handled_by_bot_only" boolean,
    "etl_loaded_at" timestamp,
    "data_source" varchar not null,
    "business_date" varchar not null,
    "customer_tier_at_contact" varchar,
    "crm_account_name" varchar,
    "industry" varchar,
    "open_case_count" bigint,
    "crm_match_method" varchar,
    "crm_id_status" varchar not null,
    "crm_account_id_given" varchar,
    "finality" varchar not null,
    "is_open" boolean not null,
    "direction" varchar,
    "media_types" varchar,
    "message_type" varchar,
    "has_callback" boolean,
    "first_queue_id" varchar,
    "last_queue_id" varchar,
    "queue_count" bigint,
    "first_agent_id" varchar,
    "agent_count" bigint,
    "agent_legs_not_responding" bigint,
    "handle_count" bigint,
    "time_source" varchar not null,
    "talk_time_ms" bigint,
    "hold_time_ms" bigint,
    "wait_time_ms" bigint,
    "answer_time_ms" bigint,
    "customer_duration_ms" bigint,
    "offered_count" bigint,
    "answered_count" bigint,
    "abandoned_count" bigint,
    "flow_out_count" bigint,
    "over_sla_count" bigint,
    "within_service_level" boolean,
    "abandoned_before_answer" boolean,
    "short_abandon" boolean,
    "transfer_count" bigint,
    "blind_transferred" boolean,
    "consult_transferred" boolean,
    "disconnect_type" varchar,
    "ended_by" varchar,
    "wrapup_code" varchar,
    "wrapup_name" varchar,
    "bot_present" boolean,
    "self_served" boolean,
    "flow_disconnect" boolean,
    "flow_id" varchar,
    "flow_name" varchar,
    "was_escalated_source" varchar not null,
    "nps" bigint,
    "survey_partial" boolean,
    "survey_id" varchar,
    "evaluation_id" varchar,
    "division_id" varchar,
    "external_contact_id" varchar,
    "question_count" bigint,
    "answered_question_count" bigint,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "row_hash" varchar not null,
    "first_seen_at" timestamp,
    "last_changed_at" timestamp
);

comment on table "unified_interactions" is 'Interaction is one conversation with its customer: what the contact centre measured, what the CRM knows of the caller today and knew at the time, and how sure we are of the link. One row a conversation_id. The first 26 columns are those of the source guide, in its order; times are UTC, durations milliseconds, money US dollars. NULL is always "not known or not applicable", never zero or false.';
comment on column "unified_interactions"."conversation_id" is 'Identifies the conversation within the contact centre; the table''s key.';
comment on column "unified_interactions"."conversation_start" is 'When the conversation began. Never changes for a conversation_id.';
comment on column "unified_interactions"."conversation_end" is 'When it ended, after-call work included; NULL while it is open.';
comment on column "unified_interactions"."duration_ms" is 'conversation_end − conversation_start in ms; includes after-call work; NULL while open.';
comment on column "unified_interactions"."queue_id" is 'Queue of the last answered agent leg; where nobody answered, the last queue waited in; NULL if no queue was reached.';
comment on column "unified_interactions"."queue_name" is 'Name of queue_id; names of deleted queues are kept.';
comment on column "unified_interactions"."media_type" is 'Medium of the customer''s earliest session (voice, callback, chat, email, message …); NULL if unknown, never a default.';
comment on column "unified_interactions"."agent_id" is 'The last agent who answered. Figures per agent come from the agents'' legs, never from this column.';
comment on column "unified_interactions"."agent_name" is 'Name of agent_id; names of leavers are kept.';
comment on column "unified_interactions"."handle_time_ms" is 'Sum of tHandle over all agents in ms (contacting + dialing + talk + hold + after-call work); NULL if nobody handled it.';
comment on column "unified_interactions"."acw_time_ms" is 'Sum of tAcw (after-call work) over all agents in ms; NULL if none was measured.';
comment on column "unified_interactions"."abandoned" is 'Whether the customer left, or was dropped, while waiting in a queue (any tAbandon). A rate''s denominator is offered.';
comment on column "unified_interactions"."transferred" is 'Whether an agent passed the conversation on (nTransferred > 0), blind or after consulting.';
comment on column "unified_interactions"."qa_score" is 'Total score of the newest finished evaluation that was neither deleted nor a calibration; as received, not rescaled.';
comment on column "unified_interactions"."csat_score" is 'Total score of the newest finished survey; as received, not rescaled. 0 is a score.';
comment on column "unified_interactions"."crm_account_id" is 'Salesforce account, 18 characters, after following merges; NULL when none was given or it was malformed.';
comment on column "unified_interactions"."crm_case_id" is 'Salesforce case, 18 characters; NULL when none was given or it was malformed.';
comment on column "unified_interactions"."customer_tier" is 'The account''s tier today. NULL when the account is not known.';
comment on column "unified_interactions"."account_owner" is 'Name of the account''s owner today.';
comment on column "unified_interactions"."open_opportunity_count" is 'The account''s open opportunities today (IsClosed = false); 0 only when the account is known.';
comment on column "unified_interactions"."ltv_usd" is 'The account''s lifetime value today, in US dollars.';
comment on column "unified_interactions"."case_category" is 'Category of the case crm_case_id.';
comment on column "unified_interactions"."was_escalated" is 'Whether it was escalated: the flow''s own flag if it was set, else whether a bot''s conversation went on to a queue or an agent; NULL where neither can be told. was_escalated_source says which.';
comment on column "unified_interactions"."handled_by_bot_only" is 'Whether a bot alone handled it: a bot took part, it reached neither queue nor agent, and it ended. NULL while open.';
comment on column "unified_interactions"."etl_loaded_at" is 'When this version of the row was written to the warehouse.';
comment on column "unified_interactions"."data_source" is 'Which system it comes from: genesys_cloud.';
comment on column "unified_interactions"."business_date" is 'Day on which it began in the organisation''s time zone, YYYY-MM-DD: what a business day''s figures group by.';
comment on column "unified_interactions"."customer_tier_at_contact" is 'The account''s tier when the conversation began; NULL when no version of the account reaches back to that time. A change is dated by the account''s last edit (SystemModstamp) that the nightly mirror saw.';
comment on column "unified_interactions"."crm_account_name" is 'Name of the account today.';
comment on column "unified_interactions"."industry" is 'Industry of the account today.';
comment on column "unified_interactions"."open_case_count" is 'The account''s open cases today (IsClosed = false); 0 only when the account is known.';
comment on column "unified_interactions"."crm_match_method" is 'How the account was found: attribute, or NULL when no id was given.';
comment on column "unified_interactions"."crm_id_status" is 'What became of the account id: ok, missing, malformed, unknown_account, merged.';
comment on column "unified_interactions"."crm_account_id_given" is 'The account id as the conversation carried it, before any repair.';
comment on column "unified_interactions"."finality" is 'How settled the row is: live (open, or read before the source''s data is complete), provisional (scores and corrections may still come), final (older than the period that is read again).';
comment on column "unified_interactions"."is_open" is 'Whether the conversation had not ended when it was read.';
comment on column "unified_interactions"."direction" is 'Direction of the conversation''s first leg: inbound or outbound.';
comment on column "unified_interactions"."media_types" is 'All media that took part, sorted, comma-separated.';
comment on column "unified_interactions"."message_type" is 'Kind of message (sms, whatsapp, webmessaging …) where media_type is message.';
comment on column "unified_interactions"."has_callback" is 'Whether a callback took part.';
comment on column "unified_interactions"."first_queue_id" is 'First queue waited in, else the first answered leg''s queue.';
comment on column "unified_interactions"."last_queue_id" is 'Queue of the last answered leg, else the last queue waited in.';
comment on column "unified_interactions"."queue_count" is 'Number of different queues visited.';
comment on column "unified_interactions"."first_agent_id" is 'The first agent who answered.';
comment on column "unified_interactions"."agent_count" is 'Number of different agents who answered.';
comment on column "unified_interactions"."agent_legs_not_responding" is 'Agent legs that rang and were not answered.';
comment on column "unified_interactions"."handle_count" is 'Number of tHandle metrics; average handle time is Σ handle_time_ms / Σ handle_count.';
comment on column "unified_interactions"."time_source" is 'Where handle and after-call time come from: metric, segments (no metrics were recorded), none.';
comment on column "unified_interactions"."talk_time_ms" is 'Sum of tTalkComplete, else of tTalk, over all agents in ms.';
comment on column "unified_interactions"."hold_time_ms" is 'Sum of tHeldComplete, else of tHeld, over all agents in ms.';
comment on column "unified_interactions"."wait_time_ms" is 'Time waited in queues in ms: tAnswered + tAbandon + tFlowOut, the source''s tWait.';
comment on column "unified_interactions"."answer_time_ms" is 'Sum of tAnswered in ms: queue entry to answer. Average speed of answer is Σ answer_time_ms / Σ answered_count.';
comment on column "unified_interactions"."customer_duration_ms" is 'First to last moment of the customer''s own sessions in ms; without after-call work; NULL while open.';
comment on column "unified_interactions"."offered_count" is 'Queue entries (Σ nOffered).';
comment on column "unified_interactions"."answered_count" is 'Queue entries that an agent answered (number of tAnswered).';
comment on column "unified_interactions"."abandoned_count" is 'Queue entries abandoned (number of tAbandon).';
comment on column "unified_interactions"."flow_out_count" is 'Queue entries left unanswered for a flow, voicemail, callback or other queue (number of tFlowOut).';
comment on column "unified_interactions"."over_sla_count" is 'Answers later than the queue''s target (Σ nOverSla). Service level is (answered_count − over_sla_count) / (answered_count + abandoned_count), summed first.';
comment on column "unified_interactions"."within_service_level" is 'Whether every answer kept the queue''s target; NULL when nothing was answered.';
comment on column "unified_interactions"."abandoned_before_answer" is 'Abandoned and never answered by anybody.';
comment on column "unified_interactions"."short_abandon" is 'Abandoned sooner than the organisation''s short-abandon threshold (tShortAbandon).';
comment on column "unified_interactions"."transfer_count" is 'Σ nTransferred.';
comment on column "unified_interactions"."blind_transferred" is 'Whether a transfer was blind (nBlindTransferred > 0).';
comment on column "unified_interactions"."consult_transferred" is 'Whether a transfer followed a consultation (nConsultTransferred > 0).';
comment on column "unified_interactions"."disconnect_type" is 'How the customer''s last leg ended (peer, client, endpoint, timeout, system, transfer …).';
comment on column "unified_interactions"."ended_by" is 'Who hung up, where both sides'' disconnects tell: customer or agent.';
comment on column "unified_interactions"."wrapup_code" is 'Wrap-up code of the last answered leg.';
comment on column "unified_interactions"."wrapup_name" is 'Name of wrapup_code; system codes (ININ-WRAP-UP-TIMEOUT …) have none.';
comment on column "unified_interactions"."bot_present" is 'Whether a bot took part.';
comment on column "unified_interactions"."self_served" is 'The source''s own flag that every flow session was self-served.';
comment on column "unified_interactions"."flow_disconnect" is 'Whether it ended inside a flow (IVR or bot) without reaching a queue.';
comment on column "unified_interactions"."flow_id" is 'First flow the conversation entered.';
comment on column "unified_interactions"."flow_name" is 'Name of flow_id at the time of the conversation.';
comment on column "unified_interactions"."was_escalated_source" is 'Where was_escalated comes from: attribute, flow, or none.';
comment on column "unified_interactions"."nps" is 'Promoter score (0–10) of the newest finished survey.';
comment on column "unified_interactions"."survey_partial" is 'Whether the newest finished survey was answered only in part.';
comment on column "unified_interactions"."survey_id" is 'The survey that csat_score comes from.';
comment on column "unified_interactions"."evaluation_id" is 'The evaluation that qa_score comes from.';
comment on column "unified_interactions"."division_id" is 'First division of the conversation.';
comment on column "unified_interactions"."external_contact_id" is 'External contact of the customer.';
comment on column "unified_interactions"."question_count" is 'Universal questions asked of it by Trusst; NULL where no answers were landed.';
comment on column "unified_interactions"."answered_question_count" is 'Universal questions answered.';
comment on column "unified_interactions"."source_run" is 'The run that made this version of the row.';
comment on column "unified_interactions"."observed_at" is 'When the source was asked. Of two versions of a row the one observed later is the row.';
comment on column "unified_interactions"."row_hash" is '128-bit hash of all columns that tell of the world; equal hashes are equal rows.';
comment on column "unified_interactions"."first_seen_at" is 'When the key was first written to the warehouse.';
comment on column "unified_interactions"."last_changed_at" is 'When the row was last written with another content.';

-- received
select count(*)
from read_parquet(getvariable('files'), union_by_name = true);

-- plan
create or replace temp table merge_plan as
with received as (
    select
        "conversation_id",
        "observed_at",
        "row_hash",
        file_index as batch_file,
        file_row_number as batch_row,
        row_number() over (partition by "conversation_id" order by "observed_at" desc, file_index desc, file_row_number desc) as version
    from read_parquet(getvariable('files'), union_by_name = true)
)
select
    received."conversation_id",
    received.batch_file,
    received.batch_row,
    present."first_seen_at",
    case
        when present."conversation_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "unified_interactions" as present
    on present."conversation_id" = received."conversation_id"
where received.version = 1;

-- count
select
    (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action = 'update' then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- delete
delete from "unified_interactions"
using merge_plan
where "unified_interactions"."conversation_id" = merge_plan."conversation_id"
    and merge_plan.action = 'update';

-- insert
insert into "unified_interactions" (
    "conversation_id",
    "conversation_start",
    "conversation_end",
    "duration_ms",
    "queue_id",
    "queue_name",
    "media_type",
    "agent_id",
    "agent_name",
    "handle_time_ms",
    "acw_time_ms",
    "abandoned",
    "transferred",
    "qa_score",
    "csat_score",
    "crm_account_id",
    "crm_case_id",
    "customer_tier",
    "account_owner",
    "open_opportunity_count",
    "ltv_usd",
    "case_category",
    "was_escalated",
    "handled_by_bot_only",
    "etl_loaded_at",
    "data_source",
    "business_date",
    "customer_tier_at_contact",
    "crm_account_name",
    "industry",
    "open_case_count",
    "crm_match_method",
    "crm_id_status",
    "crm_account_id_given",
    "finality",
    "is_open",
    "direction",
    "media_types",
    "message_type",
    "has_callback",
    "first_queue_id",
    "last_queue_id",
    "queue_count",
    "first_agent_id",
    "agent_count",
    "agent_legs_not_responding",
    "handle_count",
    "time_source",
    "talk_time_ms",
    "hold_time_ms",
    "wait_time_ms",
    "answer_time_ms",
    "customer_duration_ms",
    "offered_count",
    "answered_count",
    "abandoned_count",
    "flow_out_count",
    "over_sla_count",
    "within_service_level",
    "abandoned_before_answer",
    "short_abandon",
    "transfer_count",
    "blind_transferred",
    "consult_transferred",
    "disconnect_type",
    "ended_by",
    "wrapup_code",
    "wrapup_name",
    "bot_present",
    "self_served",
    "flow_disconnect",
    "flow_id",
    "flow_name",
    "was_escalated_source",
    "nps",
    "survey_partial",
    "survey_id",
    "evaluation_id",
    "division_id",
    "external_contact_id",
    "question_count",
    "answered_question_count",
    "source_run",
    "observed_at",
    "row_hash",
    "first_seen_at",
    "last_changed_at"
)
select
    batch."conversation_id",
    batch."conversation_start",
    batch."conversation_end",
    batch."duration_ms",
    batch."queue_id",
    batch."queue_name",
    batch."media_type",
    batch."agent_id",
    batch."agent_name",
    batch."handle_time_ms",
    batch."acw_time_ms",
    batch."abandoned",
    batch."transferred",
    batch."qa_score",
    batch."csat_score",
    batch."crm_account_id",
    batch."crm_case_id",
    batch."customer_tier",
    batch."account_owner",
    batch."open_opportunity_count",
    batch."ltv_usd",
    batch."case_category",
    batch."was_escalated",
    batch."handled_by_bot_only",
    getvariable('loaded_at'),
    batch."data_source",
    batch."business_date",
    batch."customer_tier_at_contact",
    batch."crm_account_name",
    batch."industry",
    batch."open_case_count",
    batch."crm_match_method",
    batch."crm_id_status",
    batch."crm_account_id_given",
    batch."finality",
    batch."is_open",
    batch."direction",
    batch."media_types",
    batch."message_type",
    batch."has_callback",
    batch."first_queue_id",
    batch."last_queue_id",
    batch."queue_count",
    batch."first_agent_id",
    batch."agent_count",
    batch."agent_legs_not_responding",
    batch."handle_count",
    batch."time_source",
    batch."talk_time_ms",
    batch."hold_time_ms",
    batch."wait_time_ms",
    batch."answer_time_ms",
    batch."customer_duration_ms",
    batch."offered_count",
    batch."answered_count",
    batch."abandoned_count",
    batch."flow_out_count",
    batch."over_sla_count",
    batch."within_service_level",
    batch."abandoned_before_answer",
    batch."short_abandon",
    batch."transfer_count",
    batch."blind_transferred",
    batch."consult_transferred",
    batch."disconnect_type",
    batch."ended_by",
    batch."wrapup_code",
    batch."wrapup_name",
    batch."bot_present",
    batch."self_served",
    batch."flow_disconnect",
    batch."flow_id",
    batch."flow_name",
    batch."was_escalated_source",
    batch."nps",
    batch."survey_partial",
    batch."survey_id",
    batch."evaluation_id",
    batch."division_id",
    batch."external_contact_id",
    batch."question_count",
    batch."answered_question_count",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    coalesce(merge_plan."first_seen_at", getvariable('loaded_at')),
    getvariable('loaded_at')
from read_parquet(getvariable('files'), union_by_name = true) as batch
join merge_plan
    on batch.file_index = merge_plan.batch_file
    and batch.file_row_number = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
