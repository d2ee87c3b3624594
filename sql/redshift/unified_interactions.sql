-- Generated. Table unified_interactions: DDL and merge.
create table if not exists "unified_interactions" (
    "conversation_id" varchar(100) not null,
    "conversation_start" timestamp not null,
    "conversation_end" timestamp,
    "duration_ms" bigint,
    "queue_id" varchar(100),
    "queue_name" varchar(255),
    "media_type" varchar(50),
    "agent_id" varchar(100),
    "agent_name" varchar(255),
    "handle_time_ms" bigint,
    "acw_time_ms" bigint,
    "abandoned" boolean,
    "transferred" boolean,
    "qa_score" double precision,
    "csat_score" double precision,
    "crm_account_id" varchar(18),
    "crm_case_id" varchar(18),
    "customer_tier" varchar(255),
    "account_owner" varchar(255),
    "open_opportunity_count" bigint,
    "ltv_usd" double precision,
    "case_category" varchar(255),
    "was_escalated" boolean,
    "handled_by_bot_only" boolean,
    "etl_loaded_at" timestamp,
    "data_source" varchar(50) not null,
    "business_date" varchar(10) not null,
    "customer_tier_at_contact" varchar(255),
    "crm_account_name" varchar(255),
    "industry" varchar(255),
    "open_case_count" bigint,
    "crm_match_method" varchar(50),
    "crm_id_status" varchar(50) not null,
    "crm_account_id_given" varchar(255),
    "finality" varchar(20) not null,
    "is_open" boolean not null,
    "direction" varchar(50),
    "media_types" varchar(255),
    "message_type" varchar(50),
    "has_callback" boolean,
    "first_queue_id" varchar(100),
    "last_queue_id" varchar(100),
    "queue_count" bigint,
    "first_agent_id" varchar(100),
    "agent_count" bigint,
    "agent_legs_not_responding" bigint,
    "handle_count" bigint,
    "time_source" varchar(20) not null,
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
    "disconnect_type" varchar(50),
    "ended_by" varchar(20),
    "wrapup_code" varchar(100),
    "wrapup_name" varchar(255),
    "bot_present" boolean,
    "self_served" boolean,
    "flow_disconnect" boolean,
    "flow_id" varchar(100),
    "flow_name" varchar(255),
    "was_escalated_source" varchar(20) not null,
    "nps" bigint,
    "survey_partial" boolean,
    "survey_id" varchar(100),
    "evaluation_id" varchar(100),
    "division_id" varchar(100),
    "external_contact_id" varchar(100),
    "question_count" bigint,
    "answered_question_count" bigint,
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "first_seen_at" timestamp,
    "last_changed_at" timestamp,
    "restated_at" timestamp,
    primary key ("conversation_id")
)
diststyle key distkey("conversation_id") compound sortkey("conversation_start", "conversation_id");

comment on table "unified_interactions" is 'One conversation with its customer: what the contact centre measured, what the CRM knows of the caller today and knew at the time, and how sure we are of the link. One row a conversation_id. The first 26 columns are those of the source guide, in its order; times are UTC, durations milliseconds, money US dollars. NULL is always "not known or not applicable", never zero or false.';
comment on column "unified_interactions"."conversation_id" is 'Identifies the conversation within the contact centre; the table''s key. Of on-premise calls onprem:<stream>:<connection>.';
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
comment on column "unified_interactions"."data_source" is 'Which system it comes from: genesys_cloud, or of contacts that only Trusst knows genesys_onpremise, premier_contact_point.';
comment on column "unified_interactions"."business_date" is 'Day on which it began in the organisation''s time zone, YYYY-MM-DD: what a business day''s figures group by.';
comment on column "unified_interactions"."customer_tier_at_contact" is 'The account''s tier when the conversation began; NULL when no version of the account reaches back to that time. A change is dated by the account''s last edit (SystemModstamp) that the nightly mirror saw.';
comment on column "unified_interactions"."crm_account_name" is 'Name of the account today.';
comment on column "unified_interactions"."industry" is 'Industry of the account today.';
comment on column "unified_interactions"."open_case_count" is 'The account''s open cases today (IsClosed = false); 0 only when the account is known.';
comment on column "unified_interactions"."crm_match_method" is 'How the account was found: attribute, or NULL when no id was given.';
comment on column "unified_interactions"."crm_id_status" is 'What became of the account id: ok, missing, malformed, unknown_account, merged.';
comment on column "unified_interactions"."crm_account_id_given" is 'The account id as the conversation carried it, before any repair.';
comment on column "unified_interactions"."finality" is 'How settled the row is: live (open, or read before the source''s data is complete), provisional (scores and corrections may still come), final (older than the period that is read again), restated (final, and yet it changed after it had been final before: see restated_at).';
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
comment on column "unified_interactions"."restated_at" is 'When the row first changed after it had been final, in a column that does not follow the CRM; NULL if it never did.';

-- received
select count(*)
from trunkline_batch;

-- plan
create temp table merge_plan as
with received as (
    select
        "conversation_id",
        "observed_at",
        "row_hash",
        "finality",
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "conversation_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."conversation_id",
    received.batch_file,
    received.batch_row,
    present."finality",
    present."first_seen_at",
    present."last_changed_at",
    present."restated_at",
    case
        when present."conversation_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        when received."finality" <> case when present."finality" = 'restated' then 'final' else present."finality" end and received.observed_at >= present.observed_at then 'settle'
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
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from merge_plan;

-- compare
create temp table merge_changes as
with pair as (
    select
        batch."conversation_id",
        batch."source_run",
        present."conversation_start" as "was_conversation_start",
        batch."conversation_start" as "is_conversation_start",
        present."conversation_end" as "was_conversation_end",
        batch."conversation_end" as "is_conversation_end",
        present."duration_ms" as "was_duration_ms",
        batch."duration_ms" as "is_duration_ms",
        present."queue_id" as "was_queue_id",
        batch."queue_id" as "is_queue_id",
        present."queue_name" as "was_queue_name",
        batch."queue_name" as "is_queue_name",
        present."media_type" as "was_media_type",
        batch."media_type" as "is_media_type",
        present."agent_id" as "was_agent_id",
        batch."agent_id" as "is_agent_id",
        present."agent_name" as "was_agent_name",
        batch."agent_name" as "is_agent_name",
        present."handle_time_ms" as "was_handle_time_ms",
        batch."handle_time_ms" as "is_handle_time_ms",
        present."acw_time_ms" as "was_acw_time_ms",
        batch."acw_time_ms" as "is_acw_time_ms",
        present."abandoned" as "was_abandoned",
        batch."abandoned" as "is_abandoned",
        present."transferred" as "was_transferred",
        batch."transferred" as "is_transferred",
        present."qa_score" as "was_qa_score",
        batch."qa_score" as "is_qa_score",
        present."csat_score" as "was_csat_score",
        batch."csat_score" as "is_csat_score",
        present."crm_account_id" as "was_crm_account_id",
        batch."crm_account_id" as "is_crm_account_id",
        present."crm_case_id" as "was_crm_case_id",
        batch."crm_case_id" as "is_crm_case_id",
        present."customer_tier" as "was_customer_tier",
        batch."customer_tier" as "is_customer_tier",
        present."account_owner" as "was_account_owner",
        batch."account_owner" as "is_account_owner",
        present."open_opportunity_count" as "was_open_opportunity_count",
        batch."open_opportunity_count" as "is_open_opportunity_count",
        present."ltv_usd" as "was_ltv_usd",
        batch."ltv_usd" as "is_ltv_usd",
        present."case_category" as "was_case_category",
        batch."case_category" as "is_case_category",
        present."was_escalated" as "was_was_escalated",
        batch."was_escalated" as "is_was_escalated",
        present."handled_by_bot_only" as "was_handled_by_bot_only",
        batch."handled_by_bot_only" as "is_handled_by_bot_only",
        present."data_source" as "was_data_source",
        batch."data_source" as "is_data_source",
        present."business_date" as "was_business_date",
        batch."business_date" as "is_business_date",
        present."customer_tier_at_contact" as "was_customer_tier_at_contact",
        batch."customer_tier_at_contact" as "is_customer_tier_at_contact",
        present."crm_account_name" as "was_crm_account_name",
        batch."crm_account_name" as "is_crm_account_name",
        present."industry" as "was_industry",
        batch."industry" as "is_industry",
        present."open_case_count" as "was_open_case_count",
        batch."open_case_count" as "is_open_case_count",
        present."crm_match_method" as "was_crm_match_method",
        batch."crm_match_method" as "is_crm_match_method",
        present."crm_id_status" as "was_crm_id_status",
        batch."crm_id_status" as "is_crm_id_status",
        present."crm_account_id_given" as "was_crm_account_id_given",
        batch."crm_account_id_given" as "is_crm_account_id_given",
        present."is_open" as "was_is_open",
        batch."is_open" as "is_is_open",
        present."direction" as "was_direction",
        batch."direction" as "is_direction",
        present."media_types" as "was_media_types",
        batch."media_types" as "is_media_types",
        present."message_type" as "was_message_type",
        batch."message_type" as "is_message_type",
        present."has_callback" as "was_has_callback",
        batch."has_callback" as "is_has_callback",
        present."first_queue_id" as "was_first_queue_id",
        batch."first_queue_id" as "is_first_queue_id",
        present."last_queue_id" as "was_last_queue_id",
        batch."last_queue_id" as "is_last_queue_id",
        present."queue_count" as "was_queue_count",
        batch."queue_count" as "is_queue_count",
        present."first_agent_id" as "was_first_agent_id",
        batch."first_agent_id" as "is_first_agent_id",
        present."agent_count" as "was_agent_count",
        batch."agent_count" as "is_agent_count",
        present."agent_legs_not_responding" as "was_agent_legs_not_responding",
        batch."agent_legs_not_responding" as "is_agent_legs_not_responding",
        present."handle_count" as "was_handle_count",
        batch."handle_count" as "is_handle_count",
        present."time_source" as "was_time_source",
        batch."time_source" as "is_time_source",
        present."talk_time_ms" as "was_talk_time_ms",
        batch."talk_time_ms" as "is_talk_time_ms",
        present."hold_time_ms" as "was_hold_time_ms",
        batch."hold_time_ms" as "is_hold_time_ms",
        present."wait_time_ms" as "was_wait_time_ms",
        batch."wait_time_ms" as "is_wait_time_ms",
        present."answer_time_ms" as "was_answer_time_ms",
        batch."answer_time_ms" as "is_answer_time_ms",
        present."customer_duration_ms" as "was_customer_duration_ms",
        batch."customer_duration_ms" as "is_customer_duration_ms",
        present."offered_count" as "was_offered_count",
        batch."offered_count" as "is_offered_count",
        present."answered_count" as "was_answered_count",
        batch."answered_count" as "is_answered_count",
        present."abandoned_count" as "was_abandoned_count",
        batch."abandoned_count" as "is_abandoned_count",
        present."flow_out_count" as "was_flow_out_count",
        batch."flow_out_count" as "is_flow_out_count",
        present."over_sla_count" as "was_over_sla_count",
        batch."over_sla_count" as "is_over_sla_count",
        present."within_service_level" as "was_within_service_level",
        batch."within_service_level" as "is_within_service_level",
        present."abandoned_before_answer" as "was_abandoned_before_answer",
        batch."abandoned_before_answer" as "is_abandoned_before_answer",
        present."short_abandon" as "was_short_abandon",
        batch."short_abandon" as "is_short_abandon",
        present."transfer_count" as "was_transfer_count",
        batch."transfer_count" as "is_transfer_count",
        present."blind_transferred" as "was_blind_transferred",
        batch."blind_transferred" as "is_blind_transferred",
        present."consult_transferred" as "was_consult_transferred",
        batch."consult_transferred" as "is_consult_transferred",
        present."disconnect_type" as "was_disconnect_type",
        batch."disconnect_type" as "is_disconnect_type",
        present."ended_by" as "was_ended_by",
        batch."ended_by" as "is_ended_by",
        present."wrapup_code" as "was_wrapup_code",
        batch."wrapup_code" as "is_wrapup_code",
        present."wrapup_name" as "was_wrapup_name",
        batch."wrapup_name" as "is_wrapup_name",
        present."bot_present" as "was_bot_present",
        batch."bot_present" as "is_bot_present",
        present."self_served" as "was_self_served",
        batch."self_served" as "is_self_served",
        present."flow_disconnect" as "was_flow_disconnect",
        batch."flow_disconnect" as "is_flow_disconnect",
        present."flow_id" as "was_flow_id",
        batch."flow_id" as "is_flow_id",
        present."flow_name" as "was_flow_name",
        batch."flow_name" as "is_flow_name",
        present."was_escalated_source" as "was_was_escalated_source",
        batch."was_escalated_source" as "is_was_escalated_source",
        present."nps" as "was_nps",
        batch."nps" as "is_nps",
        present."survey_partial" as "was_survey_partial",
        batch."survey_partial" as "is_survey_partial",
        present."survey_id" as "was_survey_id",
        batch."survey_id" as "is_survey_id",
        present."evaluation_id" as "was_evaluation_id",
        batch."evaluation_id" as "is_evaluation_id",
        present."division_id" as "was_division_id",
        batch."division_id" as "is_division_id",
        present."external_contact_id" as "was_external_contact_id",
        batch."external_contact_id" as "is_external_contact_id",
        present."question_count" as "was_question_count",
        batch."question_count" as "is_question_count",
        present."answered_question_count" as "was_answered_question_count",
        batch."answered_question_count" as "is_answered_question_count"
    from trunkline_batch as batch
    join merge_plan
        on batch.batch_file = merge_plan.batch_file
        and batch.batch_row = merge_plan.batch_row
    join "unified_interactions" as present
        on present."conversation_id" = batch."conversation_id"
    where merge_plan.action = 'update'
)
select "conversation_id", 'conversation_start' as column_name, cast("was_conversation_start" as varchar(2000)) as old_value, cast("is_conversation_start" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_conversation_start" is null) <> ("is_conversation_start" is null) or "was_conversation_start" <> "is_conversation_start"
union all
select "conversation_id", 'conversation_end' as column_name, cast("was_conversation_end" as varchar(2000)) as old_value, cast("is_conversation_end" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_conversation_end" is null) <> ("is_conversation_end" is null) or "was_conversation_end" <> "is_conversation_end"
union all
select "conversation_id", 'duration_ms' as column_name, cast("was_duration_ms" as varchar(2000)) as old_value, cast("is_duration_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_duration_ms" is null) <> ("is_duration_ms" is null) or "was_duration_ms" <> "is_duration_ms"
union all
select "conversation_id", 'queue_id' as column_name, cast("was_queue_id" as varchar(2000)) as old_value, cast("is_queue_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_queue_id" is null) <> ("is_queue_id" is null) or "was_queue_id" <> "is_queue_id"
union all
select "conversation_id", 'queue_name' as column_name, cast("was_queue_name" as varchar(2000)) as old_value, cast("is_queue_name" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_queue_name" is null) <> ("is_queue_name" is null) or "was_queue_name" <> "is_queue_name"
union all
select "conversation_id", 'media_type' as column_name, cast("was_media_type" as varchar(2000)) as old_value, cast("is_media_type" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_media_type" is null) <> ("is_media_type" is null) or "was_media_type" <> "is_media_type"
union all
select "conversation_id", 'agent_id' as column_name, cast("was_agent_id" as varchar(2000)) as old_value, cast("is_agent_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_agent_id" is null) <> ("is_agent_id" is null) or "was_agent_id" <> "is_agent_id"
union all
select "conversation_id", 'agent_name' as column_name, cast("was_agent_name" as varchar(2000)) as old_value, cast("is_agent_name" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_agent_name" is null) <> ("is_agent_name" is null) or "was_agent_name" <> "is_agent_name"
union all
select "conversation_id", 'handle_time_ms' as column_name, cast("was_handle_time_ms" as varchar(2000)) as old_value, cast("is_handle_time_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_handle_time_ms" is null) <> ("is_handle_time_ms" is null) or "was_handle_time_ms" <> "is_handle_time_ms"
union all
select "conversation_id", 'acw_time_ms' as column_name, cast("was_acw_time_ms" as varchar(2000)) as old_value, cast("is_acw_time_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_acw_time_ms" is null) <> ("is_acw_time_ms" is null) or "was_acw_time_ms" <> "is_acw_time_ms"
union all
select "conversation_id", 'abandoned' as column_name, case when "was_abandoned" then 'true' when not "was_abandoned" then 'false' end as old_value, case when "is_abandoned" then 'true' when not "is_abandoned" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_abandoned" is null) <> ("is_abandoned" is null) or "was_abandoned" <> "is_abandoned"
union all
select "conversation_id", 'transferred' as column_name, case when "was_transferred" then 'true' when not "was_transferred" then 'false' end as old_value, case when "is_transferred" then 'true' when not "is_transferred" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_transferred" is null) <> ("is_transferred" is null) or "was_transferred" <> "is_transferred"
union all
select "conversation_id", 'qa_score' as column_name, cast("was_qa_score" as varchar(2000)) as old_value, cast("is_qa_score" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_qa_score" is null) <> ("is_qa_score" is null) or "was_qa_score" <> "is_qa_score"
union all
select "conversation_id", 'csat_score' as column_name, cast("was_csat_score" as varchar(2000)) as old_value, cast("is_csat_score" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_csat_score" is null) <> ("is_csat_score" is null) or "was_csat_score" <> "is_csat_score"
union all
select "conversation_id", 'crm_account_id' as column_name, cast("was_crm_account_id" as varchar(2000)) as old_value, cast("is_crm_account_id" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_crm_account_id" is null) <> ("is_crm_account_id" is null) or "was_crm_account_id" <> "is_crm_account_id"
union all
select "conversation_id", 'crm_case_id' as column_name, cast("was_crm_case_id" as varchar(2000)) as old_value, cast("is_crm_case_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_crm_case_id" is null) <> ("is_crm_case_id" is null) or "was_crm_case_id" <> "is_crm_case_id"
union all
select "conversation_id", 'customer_tier' as column_name, cast("was_customer_tier" as varchar(2000)) as old_value, cast("is_customer_tier" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_customer_tier" is null) <> ("is_customer_tier" is null) or "was_customer_tier" <> "is_customer_tier"
union all
select "conversation_id", 'account_owner' as column_name, cast("was_account_owner" as varchar(2000)) as old_value, cast("is_account_owner" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_account_owner" is null) <> ("is_account_owner" is null) or "was_account_owner" <> "is_account_owner"
union all
select "conversation_id", 'open_opportunity_count' as column_name, cast("was_open_opportunity_count" as varchar(2000)) as old_value, cast("is_open_opportunity_count" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_open_opportunity_count" is null) <> ("is_open_opportunity_count" is null) or "was_open_opportunity_count" <> "is_open_opportunity_count"
union all
select "conversation_id", 'ltv_usd' as column_name, cast("was_ltv_usd" as varchar(2000)) as old_value, cast("is_ltv_usd" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_ltv_usd" is null) <> ("is_ltv_usd" is null) or "was_ltv_usd" <> "is_ltv_usd"
union all
select "conversation_id", 'case_category' as column_name, cast("was_case_category" as varchar(2000)) as old_value, cast("is_case_category" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_case_category" is null) <> ("is_case_category" is null) or "was_case_category" <> "is_case_category"
union all
select "conversation_id", 'was_escalated' as column_name, case when "was_was_escalated" then 'true' when not "was_was_escalated" then 'false' end as old_value, case when "is_was_escalated" then 'true' when not "is_was_escalated" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_was_escalated" is null) <> ("is_was_escalated" is null) or "was_was_escalated" <> "is_was_escalated"
union all
select "conversation_id", 'handled_by_bot_only' as column_name, case when "was_handled_by_bot_only" then 'true' when not "was_handled_by_bot_only" then 'false' end as old_value, case when "is_handled_by_bot_only" then 'true' when not "is_handled_by_bot_only" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_handled_by_bot_only" is null) <> ("is_handled_by_bot_only" is null) or "was_handled_by_bot_only" <> "is_handled_by_bot_only"
union all
select "conversation_id", 'data_source' as column_name, cast("was_data_source" as varchar(2000)) as old_value, cast("is_data_source" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_data_source" is null) <> ("is_data_source" is null) or "was_data_source" <> "is_data_source"
union all
select "conversation_id", 'business_date' as column_name, cast("was_business_date" as varchar(2000)) as old_value, cast("is_business_date" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_business_date" is null) <> ("is_business_date" is null) or "was_business_date" <> "is_business_date"
union all
select "conversation_id", 'customer_tier_at_contact' as column_name, cast("was_customer_tier_at_contact" as varchar(2000)) as old_value, cast("is_customer_tier_at_contact" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_customer_tier_at_contact" is null) <> ("is_customer_tier_at_contact" is null) or "was_customer_tier_at_contact" <> "is_customer_tier_at_contact"
union all
select "conversation_id", 'crm_account_name' as column_name, cast("was_crm_account_name" as varchar(2000)) as old_value, cast("is_crm_account_name" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_crm_account_name" is null) <> ("is_crm_account_name" is null) or "was_crm_account_name" <> "is_crm_account_name"
union all
select "conversation_id", 'industry' as column_name, cast("was_industry" as varchar(2000)) as old_value, cast("is_industry" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_industry" is null) <> ("is_industry" is null) or "was_industry" <> "is_industry"
union all
select "conversation_id", 'open_case_count' as column_name, cast("was_open_case_count" as varchar(2000)) as old_value, cast("is_open_case_count" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_open_case_count" is null) <> ("is_open_case_count" is null) or "was_open_case_count" <> "is_open_case_count"
union all
select "conversation_id", 'crm_match_method' as column_name, cast("was_crm_match_method" as varchar(2000)) as old_value, cast("is_crm_match_method" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_crm_match_method" is null) <> ("is_crm_match_method" is null) or "was_crm_match_method" <> "is_crm_match_method"
union all
select "conversation_id", 'crm_id_status' as column_name, cast("was_crm_id_status" as varchar(2000)) as old_value, cast("is_crm_id_status" as varchar(2000)) as new_value, false as restates, source_run
from pair
where ("was_crm_id_status" is null) <> ("is_crm_id_status" is null) or "was_crm_id_status" <> "is_crm_id_status"
union all
select "conversation_id", 'crm_account_id_given' as column_name, cast("was_crm_account_id_given" as varchar(2000)) as old_value, cast("is_crm_account_id_given" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_crm_account_id_given" is null) <> ("is_crm_account_id_given" is null) or "was_crm_account_id_given" <> "is_crm_account_id_given"
union all
select "conversation_id", 'is_open' as column_name, case when "was_is_open" then 'true' when not "was_is_open" then 'false' end as old_value, case when "is_is_open" then 'true' when not "is_is_open" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_is_open" is null) <> ("is_is_open" is null) or "was_is_open" <> "is_is_open"
union all
select "conversation_id", 'direction' as column_name, cast("was_direction" as varchar(2000)) as old_value, cast("is_direction" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_direction" is null) <> ("is_direction" is null) or "was_direction" <> "is_direction"
union all
select "conversation_id", 'media_types' as column_name, cast("was_media_types" as varchar(2000)) as old_value, cast("is_media_types" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_media_types" is null) <> ("is_media_types" is null) or "was_media_types" <> "is_media_types"
union all
select "conversation_id", 'message_type' as column_name, cast("was_message_type" as varchar(2000)) as old_value, cast("is_message_type" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_message_type" is null) <> ("is_message_type" is null) or "was_message_type" <> "is_message_type"
union all
select "conversation_id", 'has_callback' as column_name, case when "was_has_callback" then 'true' when not "was_has_callback" then 'false' end as old_value, case when "is_has_callback" then 'true' when not "is_has_callback" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_has_callback" is null) <> ("is_has_callback" is null) or "was_has_callback" <> "is_has_callback"
union all
select "conversation_id", 'first_queue_id' as column_name, cast("was_first_queue_id" as varchar(2000)) as old_value, cast("is_first_queue_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_first_queue_id" is null) <> ("is_first_queue_id" is null) or "was_first_queue_id" <> "is_first_queue_id"
union all
select "conversation_id", 'last_queue_id' as column_name, cast("was_last_queue_id" as varchar(2000)) as old_value, cast("is_last_queue_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_last_queue_id" is null) <> ("is_last_queue_id" is null) or "was_last_queue_id" <> "is_last_queue_id"
union all
select "conversation_id", 'queue_count' as column_name, cast("was_queue_count" as varchar(2000)) as old_value, cast("is_queue_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_queue_count" is null) <> ("is_queue_count" is null) or "was_queue_count" <> "is_queue_count"
union all
select "conversation_id", 'first_agent_id' as column_name, cast("was_first_agent_id" as varchar(2000)) as old_value, cast("is_first_agent_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_first_agent_id" is null) <> ("is_first_agent_id" is null) or "was_first_agent_id" <> "is_first_agent_id"
union all
select "conversation_id", 'agent_count' as column_name, cast("was_agent_count" as varchar(2000)) as old_value, cast("is_agent_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_agent_count" is null) <> ("is_agent_count" is null) or "was_agent_count" <> "is_agent_count"
union all
select "conversation_id", 'agent_legs_not_responding' as column_name, cast("was_agent_legs_not_responding" as varchar(2000)) as old_value, cast("is_agent_legs_not_responding" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_agent_legs_not_responding" is null) <> ("is_agent_legs_not_responding" is null) or "was_agent_legs_not_responding" <> "is_agent_legs_not_responding"
union all
select "conversation_id", 'handle_count' as column_name, cast("was_handle_count" as varchar(2000)) as old_value, cast("is_handle_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_handle_count" is null) <> ("is_handle_count" is null) or "was_handle_count" <> "is_handle_count"
union all
select "conversation_id", 'time_source' as column_name, cast("was_time_source" as varchar(2000)) as old_value, cast("is_time_source" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_time_source" is null) <> ("is_time_source" is null) or "was_time_source" <> "is_time_source"
union all
select "conversation_id", 'talk_time_ms' as column_name, cast("was_talk_time_ms" as varchar(2000)) as old_value, cast("is_talk_time_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_talk_time_ms" is null) <> ("is_talk_time_ms" is null) or "was_talk_time_ms" <> "is_talk_time_ms"
union all
select "conversation_id", 'hold_time_ms' as column_name, cast("was_hold_time_ms" as varchar(2000)) as old_value, cast("is_hold_time_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_hold_time_ms" is null) <> ("is_hold_time_ms" is null) or "was_hold_time_ms" <> "is_hold_time_ms"
union all
select "conversation_id", 'wait_time_ms' as column_name, cast("was_wait_time_ms" as varchar(2000)) as old_value, cast("is_wait_time_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_wait_time_ms" is null) <> ("is_wait_time_ms" is null) or "was_wait_time_ms" <> "is_wait_time_ms"
union all
select "conversation_id", 'answer_time_ms' as column_name, cast("was_answer_time_ms" as varchar(2000)) as old_value, cast("is_answer_time_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_answer_time_ms" is null) <> ("is_answer_time_ms" is null) or "was_answer_time_ms" <> "is_answer_time_ms"
union all
select "conversation_id", 'customer_duration_ms' as column_name, cast("was_customer_duration_ms" as varchar(2000)) as old_value, cast("is_customer_duration_ms" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_customer_duration_ms" is null) <> ("is_customer_duration_ms" is null) or "was_customer_duration_ms" <> "is_customer_duration_ms"
union all
select "conversation_id", 'offered_count' as column_name, cast("was_offered_count" as varchar(2000)) as old_value, cast("is_offered_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_offered_count" is null) <> ("is_offered_count" is null) or "was_offered_count" <> "is_offered_count"
union all
select "conversation_id", 'answered_count' as column_name, cast("was_answered_count" as varchar(2000)) as old_value, cast("is_answered_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_answered_count" is null) <> ("is_answered_count" is null) or "was_answered_count" <> "is_answered_count"
union all
select "conversation_id", 'abandoned_count' as column_name, cast("was_abandoned_count" as varchar(2000)) as old_value, cast("is_abandoned_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_abandoned_count" is null) <> ("is_abandoned_count" is null) or "was_abandoned_count" <> "is_abandoned_count"
union all
select "conversation_id", 'flow_out_count' as column_name, cast("was_flow_out_count" as varchar(2000)) as old_value, cast("is_flow_out_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_flow_out_count" is null) <> ("is_flow_out_count" is null) or "was_flow_out_count" <> "is_flow_out_count"
union all
select "conversation_id", 'over_sla_count' as column_name, cast("was_over_sla_count" as varchar(2000)) as old_value, cast("is_over_sla_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_over_sla_count" is null) <> ("is_over_sla_count" is null) or "was_over_sla_count" <> "is_over_sla_count"
union all
select "conversation_id", 'within_service_level' as column_name, case when "was_within_service_level" then 'true' when not "was_within_service_level" then 'false' end as old_value, case when "is_within_service_level" then 'true' when not "is_within_service_level" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_within_service_level" is null) <> ("is_within_service_level" is null) or "was_within_service_level" <> "is_within_service_level"
union all
select "conversation_id", 'abandoned_before_answer' as column_name, case when "was_abandoned_before_answer" then 'true' when not "was_abandoned_before_answer" then 'false' end as old_value, case when "is_abandoned_before_answer" then 'true' when not "is_abandoned_before_answer" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_abandoned_before_answer" is null) <> ("is_abandoned_before_answer" is null) or "was_abandoned_before_answer" <> "is_abandoned_before_answer"
union all
select "conversation_id", 'short_abandon' as column_name, case when "was_short_abandon" then 'true' when not "was_short_abandon" then 'false' end as old_value, case when "is_short_abandon" then 'true' when not "is_short_abandon" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_short_abandon" is null) <> ("is_short_abandon" is null) or "was_short_abandon" <> "is_short_abandon"
union all
select "conversation_id", 'transfer_count' as column_name, cast("was_transfer_count" as varchar(2000)) as old_value, cast("is_transfer_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_transfer_count" is null) <> ("is_transfer_count" is null) or "was_transfer_count" <> "is_transfer_count"
union all
select "conversation_id", 'blind_transferred' as column_name, case when "was_blind_transferred" then 'true' when not "was_blind_transferred" then 'false' end as old_value, case when "is_blind_transferred" then 'true' when not "is_blind_transferred" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_blind_transferred" is null) <> ("is_blind_transferred" is null) or "was_blind_transferred" <> "is_blind_transferred"
union all
select "conversation_id", 'consult_transferred' as column_name, case when "was_consult_transferred" then 'true' when not "was_consult_transferred" then 'false' end as old_value, case when "is_consult_transferred" then 'true' when not "is_consult_transferred" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_consult_transferred" is null) <> ("is_consult_transferred" is null) or "was_consult_transferred" <> "is_consult_transferred"
union all
select "conversation_id", 'disconnect_type' as column_name, cast("was_disconnect_type" as varchar(2000)) as old_value, cast("is_disconnect_type" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_disconnect_type" is null) <> ("is_disconnect_type" is null) or "was_disconnect_type" <> "is_disconnect_type"
union all
select "conversation_id", 'ended_by' as column_name, cast("was_ended_by" as varchar(2000)) as old_value, cast("is_ended_by" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_ended_by" is null) <> ("is_ended_by" is null) or "was_ended_by" <> "is_ended_by"
union all
select "conversation_id", 'wrapup_code' as column_name, cast("was_wrapup_code" as varchar(2000)) as old_value, cast("is_wrapup_code" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_wrapup_code" is null) <> ("is_wrapup_code" is null) or "was_wrapup_code" <> "is_wrapup_code"
union all
select "conversation_id", 'wrapup_name' as column_name, cast("was_wrapup_name" as varchar(2000)) as old_value, cast("is_wrapup_name" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_wrapup_name" is null) <> ("is_wrapup_name" is null) or "was_wrapup_name" <> "is_wrapup_name"
union all
select "conversation_id", 'bot_present' as column_name, case when "was_bot_present" then 'true' when not "was_bot_present" then 'false' end as old_value, case when "is_bot_present" then 'true' when not "is_bot_present" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_bot_present" is null) <> ("is_bot_present" is null) or "was_bot_present" <> "is_bot_present"
union all
select "conversation_id", 'self_served' as column_name, case when "was_self_served" then 'true' when not "was_self_served" then 'false' end as old_value, case when "is_self_served" then 'true' when not "is_self_served" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_self_served" is null) <> ("is_self_served" is null) or "was_self_served" <> "is_self_served"
union all
select "conversation_id", 'flow_disconnect' as column_name, case when "was_flow_disconnect" then 'true' when not "was_flow_disconnect" then 'false' end as old_value, case when "is_flow_disconnect" then 'true' when not "is_flow_disconnect" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_flow_disconnect" is null) <> ("is_flow_disconnect" is null) or "was_flow_disconnect" <> "is_flow_disconnect"
union all
select "conversation_id", 'flow_id' as column_name, cast("was_flow_id" as varchar(2000)) as old_value, cast("is_flow_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_flow_id" is null) <> ("is_flow_id" is null) or "was_flow_id" <> "is_flow_id"
union all
select "conversation_id", 'flow_name' as column_name, cast("was_flow_name" as varchar(2000)) as old_value, cast("is_flow_name" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_flow_name" is null) <> ("is_flow_name" is null) or "was_flow_name" <> "is_flow_name"
union all
select "conversation_id", 'was_escalated_source' as column_name, cast("was_was_escalated_source" as varchar(2000)) as old_value, cast("is_was_escalated_source" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_was_escalated_source" is null) <> ("is_was_escalated_source" is null) or "was_was_escalated_source" <> "is_was_escalated_source"
union all
select "conversation_id", 'nps' as column_name, cast("was_nps" as varchar(2000)) as old_value, cast("is_nps" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_nps" is null) <> ("is_nps" is null) or "was_nps" <> "is_nps"
union all
select "conversation_id", 'survey_partial' as column_name, case when "was_survey_partial" then 'true' when not "was_survey_partial" then 'false' end as old_value, case when "is_survey_partial" then 'true' when not "is_survey_partial" then 'false' end as new_value, true as restates, source_run
from pair
where ("was_survey_partial" is null) <> ("is_survey_partial" is null) or "was_survey_partial" <> "is_survey_partial"
union all
select "conversation_id", 'survey_id' as column_name, cast("was_survey_id" as varchar(2000)) as old_value, cast("is_survey_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_survey_id" is null) <> ("is_survey_id" is null) or "was_survey_id" <> "is_survey_id"
union all
select "conversation_id", 'evaluation_id' as column_name, cast("was_evaluation_id" as varchar(2000)) as old_value, cast("is_evaluation_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_evaluation_id" is null) <> ("is_evaluation_id" is null) or "was_evaluation_id" <> "is_evaluation_id"
union all
select "conversation_id", 'division_id' as column_name, cast("was_division_id" as varchar(2000)) as old_value, cast("is_division_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_division_id" is null) <> ("is_division_id" is null) or "was_division_id" <> "is_division_id"
union all
select "conversation_id", 'external_contact_id' as column_name, cast("was_external_contact_id" as varchar(2000)) as old_value, cast("is_external_contact_id" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_external_contact_id" is null) <> ("is_external_contact_id" is null) or "was_external_contact_id" <> "is_external_contact_id"
union all
select "conversation_id", 'question_count' as column_name, cast("was_question_count" as varchar(2000)) as old_value, cast("is_question_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_question_count" is null) <> ("is_question_count" is null) or "was_question_count" <> "is_question_count"
union all
select "conversation_id", 'answered_question_count' as column_name, cast("was_answered_question_count" as varchar(2000)) as old_value, cast("is_answered_question_count" as varchar(2000)) as new_value, true as restates, source_run
from pair
where ("was_answered_question_count" is null) <> ("is_answered_question_count" is null) or "was_answered_question_count" <> "is_answered_question_count";

-- record
insert into "unified_interaction_changes" (
    "conversation_id",
    "column_name",
    "changed_at",
    "source_run",
    "old_value",
    "new_value",
    "restates"
)
select
    "conversation_id",
    "column_name",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at'),
    "source_run",
    "old_value",
    "new_value",
    "restates"
from merge_changes;

-- delete
delete from "unified_interactions"
using merge_plan
where "unified_interactions"."conversation_id" = merge_plan."conversation_id"
    and merge_plan.action in ('update', 'settle');

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
    "last_changed_at",
    "restated_at"
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
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at'),
    batch."data_source",
    batch."business_date",
    batch."customer_tier_at_contact",
    batch."crm_account_name",
    batch."industry",
    batch."open_case_count",
    batch."crm_match_method",
    batch."crm_id_status",
    batch."crm_account_id_given",
    case when batch."finality" = 'final' and coalesce(merge_plan."restated_at", case when merge_plan."finality" in ('final', 'restated') and changed."conversation_id" is not null then (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at') end) is not null then 'restated' else batch."finality" end,
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
    coalesce(merge_plan."first_seen_at", (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')),
    case when merge_plan.action = 'settle' then merge_plan."last_changed_at" else (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at') end,
    coalesce(merge_plan."restated_at", case when merge_plan."finality" in ('final', 'restated') and changed."conversation_id" is not null then (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at') end)
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
left join (
    select distinct "conversation_id"
    from merge_changes
    where restates
) as changed
    on changed."conversation_id" = merge_plan."conversation_id"
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;

-- drop
drop table merge_changes;
