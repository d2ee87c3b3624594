-- Generated. Table unified_interactions: DDL and merge.
create table if not exists "unified_interactions" (
    "conversation_id" text not null,
    "conversation_start" timestamp not null,
    "conversation_end" timestamp,
    "duration_ms" bigint,
    "queue_id" text,
    "queue_name" text,
    "media_type" text,
    "agent_id" text,
    "agent_name" text,
    "handle_time_ms" bigint,
    "acw_time_ms" bigint,
    "abandoned" boolean,
    "transferred" boolean,
    "qa_score" double precision,
    "csat_score" double precision,
    "crm_account_id" text,
    "crm_case_id" text,
    "customer_tier" text,
    "account_owner" text,
    "open_opportunity_count" bigint,
    "ltv_usd" double precision,
    "case_category" text,
    "was_escalated" boolean,
    "handled_by_bot_only" boolean,
    "etl_loaded_at" timestamp,
    "data_source" text not null,
    "business_date" text not null,
    "customer_tier_at_contact" text,
    "crm_account_name" text,
    "industry" text,
    "open_case_count" bigint,
    "crm_match_method" text,
    "crm_id_status" text not null,
    "crm_account_id_given" text,
    "finality" text not null,
    "is_open" boolean not null,
    "direction" text,
    "media_types" text,
    "message_type" text,
    "has_callback" boolean,
    "first_queue_id" text,
    "last_queue_id" text,
    "queue_count" bigint,
    "first_agent_id" text,
    "agent_count" bigint,
    "agent_legs_not_responding" bigint,
    "handle_count" bigint,
    "time_source" text not null,
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
    "disconnect_type" text,
    "ended_by" text,
    "wrapup_code" text,
    "wrapup_name" text,
    "bot_present" boolean,
    "self_served" boolean,
    "flow_disconnect" boolean,
    "flow_id" text,
    "flow_name" text,
    "was_escalated_source" text not null,
    "nps" bigint,
    "survey_partial" boolean,
    "survey_id" text,
    "evaluation_id" text,
    "division_id" text,
    "external_contact_id" text,
    "question_count" bigint,
    "answered_question_count" bigint,
    "source_run" text not null,
    "observed_at" timestamp not null,
    "row_hash" text not null,
    "first_seen_at" timestamp,
    "last_changed_at" timestamp,
    "restated_at" timestamp
);

comment on table "unified_interactions" is 'Interaction is one conversation with its customer: what the contact centre measured, what the CRM knows of the caller today and knew at the time, and how sure we are of the link. One row a conversation_id. The first 26 columns are those of the source guide, in its order; times are UTC, durations milliseconds, money US dollars. NULL is always "not known or not applicable", never zero or false.';
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
