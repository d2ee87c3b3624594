-- Generated. Table unified_interactions: DDL and merge.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create table if not exists `unified_interactions` (
    `conversation_id` string not null comment 'Identifies the conversation within the contact centre; the table\'s key. Of on-premise calls onprem:<stream>:<connection>.',
    `conversation_start` timestamp not null comment 'When the conversation began. Never changes for a conversation_id.',
    `conversation_end` timestamp comment 'When it ended, after-call work included; NULL while it is open.',
    `duration_ms` bigint comment 'conversation_end − conversation_start in ms; includes after-call work; NULL while open.',
    `queue_id` string comment 'Queue of the last answered agent leg; where nobody answered, the last queue waited in; NULL if no queue was reached.',
    `queue_name` string comment 'Name of queue_id; names of deleted queues are kept.',
    `media_type` string comment 'Medium of the customer\'s earliest session (voice, callback, chat, email, message …); NULL if unknown, never a default.',
    `agent_id` string comment 'The last agent who answered. Figures per agent come from the agents\' legs, never from this column.',
    `agent_name` string comment 'Name of agent_id; names of leavers are kept.',
    `handle_time_ms` bigint comment 'Sum of tHandle over all agents in ms (contacting + dialing + talk + hold + after-call work); NULL if nobody handled it.',
    `acw_time_ms` bigint comment 'Sum of tAcw (after-call work) over all agents in ms; NULL if none was measured.',
    `abandoned` boolean comment 'Whether the customer left, or was dropped, while waiting in a queue (any tAbandon). A rate\'s denominator is offered.',
    `transferred` boolean comment 'Whether an agent passed the conversation on (nTransferred > 0), blind or after consulting.',
    `qa_score` double comment 'Total score of the newest finished evaluation that was neither deleted nor a calibration; as received, not rescaled.',
    `csat_score` double comment 'Total score of the newest finished survey; as received, not rescaled. 0 is a score.',
    `crm_account_id` string comment 'Salesforce account, 18 characters, after following merges; NULL when none was given or it was malformed.',
    `crm_case_id` string comment 'Salesforce case, 18 characters; NULL when none was given or it was malformed.',
    `customer_tier` string comment 'The account\'s tier today. NULL when the account is not known.',
    `account_owner` string comment 'Name of the account\'s owner today.',
    `open_opportunity_count` bigint comment 'The account\'s open opportunities today (IsClosed = false); 0 only when the account is known.',
    `ltv_usd` double comment 'The account\'s lifetime value today, in US dollars.',
    `case_category` string comment 'Category of the case crm_case_id.',
    `was_escalated` boolean comment 'Whether it was escalated: the flow\'s own flag if it was set, else whether a bot\'s conversation went on to a queue or an agent; NULL where neither can be told. was_escalated_source says which.',
    `handled_by_bot_only` boolean comment 'Whether a bot alone handled it: a bot took part, it reached neither queue nor agent, and it ended. NULL while open.',
    `etl_loaded_at` timestamp comment 'When this version of the row was written to the warehouse.',
    `data_source` string not null comment 'Which system it comes from: genesys_cloud, or of contacts that only Trusst knows genesys_onpremise, premier_contact_point.',
    `business_date` string not null comment 'Day on which it began in the organisation\'s time zone, YYYY-MM-DD: what a business day\'s figures group by.',
    `customer_tier_at_contact` string comment 'The account\'s tier when the conversation began; NULL when no version of the account reaches back to that time. A change is dated by the account\'s last edit (SystemModstamp) that the nightly mirror saw.',
    `crm_account_name` string comment 'Name of the account today.',
    `industry` string comment 'Industry of the account today.',
    `open_case_count` bigint comment 'The account\'s open cases today (IsClosed = false); 0 only when the account is known.',
    `crm_match_method` string comment 'How the account was found: attribute, or NULL when no id was given.',
    `crm_id_status` string not null comment 'What became of the account id: ok, missing, malformed, unknown_account, merged.',
    `crm_account_id_given` string comment 'The account id as the conversation carried it, before any repair.',
    `finality` string not null comment 'How settled the row is: live (open, or read before the source\'s data is complete), provisional (scores and corrections may still come), final (older than the period that is read again), restated (final, and yet it changed after it had been final before: see restated_at).',
    `is_open` boolean not null comment 'Whether the conversation had not ended when it was read.',
    `direction` string comment 'Direction of the conversation\'s first leg: inbound or outbound.',
    `media_types` string comment 'All media that took part, sorted, comma-separated.',
    `message_type` string comment 'Kind of message (sms, whatsapp, webmessaging …) where media_type is message.',
    `has_callback` boolean comment 'Whether a callback took part.',
    `first_queue_id` string comment 'First queue waited in, else the first answered leg\'s queue.',
    `last_queue_id` string comment 'Queue of the last answered leg, else the last queue waited in.',
    `queue_count` bigint comment 'Number of different queues visited.',
    `first_agent_id` string comment 'The first agent who answered.',
    `agent_count` bigint comment 'Number of different agents who answered.',
    `agent_legs_not_responding` bigint comment 'Agent legs that rang and were not answered.',
    `handle_count` bigint comment 'Number of tHandle metrics; average handle time is Σ handle_time_ms / Σ handle_count.',
    `time_source` string not null comment 'Where handle and after-call time come from: metric, segments (no metrics were recorded), none.',
    `talk_time_ms` bigint comment 'Sum of tTalkComplete, else of tTalk, over all agents in ms.',
    `hold_time_ms` bigint comment 'Sum of tHeldComplete, else of tHeld, over all agents in ms.',
    `wait_time_ms` bigint comment 'Time waited in queues in ms: tAnswered + tAbandon + tFlowOut, the source\'s tWait.',
    `answer_time_ms` bigint comment 'Sum of tAnswered in ms: queue entry to answer. Average speed of answer is Σ answer_time_ms / Σ answered_count.',
    `customer_duration_ms` bigint comment 'First to last moment of the customer\'s own sessions in ms; without after-call work; NULL while open.',
    `offered_count` bigint comment 'Queue entries (Σ nOffered).',
    `answered_count` bigint comment 'Queue entries that an agent answered (number of tAnswered).',
    `abandoned_count` bigint comment 'Queue entries abandoned (number of tAbandon).',
    `flow_out_count` bigint comment 'Queue entries left unanswered for a flow, voicemail, callback or other queue (number of tFlowOut).',
    `over_sla_count` bigint comment 'Answers later than the queue\'s target (Σ nOverSla). Service level is (answered_count − over_sla_count) / (answered_count + abandoned_count), summed first.',
    `within_service_level` boolean comment 'Whether every answer kept the queue\'s target; NULL when nothing was answered.',
    `abandoned_before_answer` boolean comment 'Abandoned and never answered by anybody.',
    `short_abandon` boolean comment 'Abandoned sooner than the organisation\'s short-abandon threshold (tShortAbandon).',
    `transfer_count` bigint comment 'Σ nTransferred.',
    `blind_transferred` boolean comment 'Whether a transfer was blind (nBlindTransferred > 0).',
    `consult_transferred` boolean comment 'Whether a transfer followed a consultation (nConsultTransferred > 0).',
    `disconnect_type` string comment 'How the customer\'s last leg ended (peer, client, endpoint, timeout, system, transfer …).',
    `ended_by` string comment 'Who hung up, where both sides\' disconnects tell: customer or agent.',
    `wrapup_code` string comment 'Wrap-up code of the last answered leg.',
    `wrapup_name` string comment 'Name of wrapup_code; system codes (ININ-WRAP-UP-TIMEOUT …) have none.',
    `bot_present` boolean comment 'Whether a bot took part.',
    `self_served` boolean comment 'The source\'s own flag that every flow session was self-served.',
    `flow_disconnect` boolean comment 'Whether it ended inside a flow (IVR or bot) without reaching a queue.',
    `flow_id` string comment 'First flow the conversation entered.',
    `flow_name` string comment 'Name of flow_id at the time of the conversation.',
    `was_escalated_source` string not null comment 'Where was_escalated comes from: attribute, flow, or none.',
    `nps` bigint comment 'Promoter score (0–10) of the newest finished survey.',
    `survey_partial` boolean comment 'Whether the newest finished survey was answered only in part.',
    `survey_id` string comment 'The survey that csat_score comes from.',
    `evaluation_id` string comment 'The evaluation that qa_score comes from.',
    `division_id` string comment 'First division of the conversation.',
    `external_contact_id` string comment 'External contact of the customer.',
    `question_count` bigint comment 'Universal questions asked of it by Trusst; NULL where no answers were landed.',
    `answered_question_count` bigint comment 'Universal questions answered.',
    `source_run` string not null comment 'The run that made this version of the row.',
    `observed_at` timestamp not null comment 'When the source was asked. Of two versions of a row the one observed later is the row.',
    `row_hash` string not null comment '128-bit hash of all columns that tell of the world; equal hashes are equal rows.',
    `first_seen_at` timestamp comment 'When the key was first written to the warehouse.',
    `last_changed_at` timestamp comment 'When the row was last written with another content.',
    `restated_at` timestamp comment 'When the row first changed after it had been final, in a column that does not follow the CRM; NULL if it never did.',
    primary key (`conversation_id`)
)
cluster by (`conversation_start`, `conversation_id`)
comment 'One conversation with its customer: what the contact centre measured, what the CRM knows of the caller today and knew at the time, and how sure we are of the link. One row a conversation_id. The first 26 columns are those of the source guide, in its order; times are UTC, durations milliseconds, money US dollars. NULL is always "not known or not applicable", never zero or false.';

-- received
select count(*)
from trunkline_batch;

-- plan
create or replace table merge_plan as
with received as (
    select
        `conversation_id`,
        `observed_at`,
        `row_hash`,
        `finality`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `conversation_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received.`conversation_id`,
    received.batch_file,
    received.batch_row,
    present.`finality`,
    present.`first_seen_at`,
    present.`last_changed_at`,
    present.`restated_at`,
    case
        when present.`conversation_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        when received.`finality` <> case when present.`finality` = 'restated' then 'final' else present.`finality` end and received.observed_at >= present.observed_at then 'settle'
        else 'unchanged'
    end as action
from received
left join `unified_interactions` as present
    on present.`conversation_id` = received.`conversation_id`
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
create or replace table merge_changes as
with pair as (
    select
        batch.`conversation_id`,
        batch.`source_run`,
        present.`conversation_start` as `was_conversation_start`,
        batch.`conversation_start` as `is_conversation_start`,
        present.`conversation_end` as `was_conversation_end`,
        batch.`conversation_end` as `is_conversation_end`,
        present.`duration_ms` as `was_duration_ms`,
        batch.`duration_ms` as `is_duration_ms`,
        present.`queue_id` as `was_queue_id`,
        batch.`queue_id` as `is_queue_id`,
        present.`queue_name` as `was_queue_name`,
        batch.`queue_name` as `is_queue_name`,
        present.`media_type` as `was_media_type`,
        batch.`media_type` as `is_media_type`,
        present.`agent_id` as `was_agent_id`,
        batch.`agent_id` as `is_agent_id`,
        present.`agent_name` as `was_agent_name`,
        batch.`agent_name` as `is_agent_name`,
        present.`handle_time_ms` as `was_handle_time_ms`,
        batch.`handle_time_ms` as `is_handle_time_ms`,
        present.`acw_time_ms` as `was_acw_time_ms`,
        batch.`acw_time_ms` as `is_acw_time_ms`,
        present.`abandoned` as `was_abandoned`,
        batch.`abandoned` as `is_abandoned`,
        present.`transferred` as `was_transferred`,
        batch.`transferred` as `is_transferred`,
        present.`qa_score` as `was_qa_score`,
        batch.`qa_score` as `is_qa_score`,
        present.`csat_score` as `was_csat_score`,
        batch.`csat_score` as `is_csat_score`,
        present.`crm_account_id` as `was_crm_account_id`,
        batch.`crm_account_id` as `is_crm_account_id`,
        present.`crm_case_id` as `was_crm_case_id`,
        batch.`crm_case_id` as `is_crm_case_id`,
        present.`customer_tier` as `was_customer_tier`,
        batch.`customer_tier` as `is_customer_tier`,
        present.`account_owner` as `was_account_owner`,
        batch.`account_owner` as `is_account_owner`,
        present.`open_opportunity_count` as `was_open_opportunity_count`,
        batch.`open_opportunity_count` as `is_open_opportunity_count`,
        present.`ltv_usd` as `was_ltv_usd`,
        batch.`ltv_usd` as `is_ltv_usd`,
        present.`case_category` as `was_case_category`,
        batch.`case_category` as `is_case_category`,
        present.`was_escalated` as `was_was_escalated`,
        batch.`was_escalated` as `is_was_escalated`,
        present.`handled_by_bot_only` as `was_handled_by_bot_only`,
        batch.`handled_by_bot_only` as `is_handled_by_bot_only`,
        present.`data_source` as `was_data_source`,
        batch.`data_source` as `is_data_source`,
        present.`business_date` as `was_business_date`,
        batch.`business_date` as `is_business_date`,
        present.`customer_tier_at_contact` as `was_customer_tier_at_contact`,
        batch.`customer_tier_at_contact` as `is_customer_tier_at_contact`,
        present.`crm_account_name` as `was_crm_account_name`,
        batch.`crm_account_name` as `is_crm_account_name`,
        present.`industry` as `was_industry`,
        batch.`industry` as `is_industry`,
        present.`open_case_count` as `was_open_case_count`,
        batch.`open_case_count` as `is_open_case_count`,
        present.`crm_match_method` as `was_crm_match_method`,
        batch.`crm_match_method` as `is_crm_match_method`,
        present.`crm_id_status` as `was_crm_id_status`,
        batch.`crm_id_status` as `is_crm_id_status`,
        present.`crm_account_id_given` as `was_crm_account_id_given`,
        batch.`crm_account_id_given` as `is_crm_account_id_given`,
        present.`is_open` as `was_is_open`,
        batch.`is_open` as `is_is_open`,
        present.`direction` as `was_direction`,
        batch.`direction` as `is_direction`,
        present.`media_types` as `was_media_types`,
        batch.`media_types` as `is_media_types`,
        present.`message_type` as `was_message_type`,
        batch.`message_type` as `is_message_type`,
        present.`has_callback` as `was_has_callback`,
        batch.`has_callback` as `is_has_callback`,
        present.`first_queue_id` as `was_first_queue_id`,
        batch.`first_queue_id` as `is_first_queue_id`,
        present.`last_queue_id` as `was_last_queue_id`,
        batch.`last_queue_id` as `is_last_queue_id`,
        present.`queue_count` as `was_queue_count`,
        batch.`queue_count` as `is_queue_count`,
        present.`first_agent_id` as `was_first_agent_id`,
        batch.`first_agent_id` as `is_first_agent_id`,
        present.`agent_count` as `was_agent_count`,
        batch.`agent_count` as `is_agent_count`,
        present.`agent_legs_not_responding` as `was_agent_legs_not_responding`,
        batch.`agent_legs_not_responding` as `is_agent_legs_not_responding`,
        present.`handle_count` as `was_handle_count`,
        batch.`handle_count` as `is_handle_count`,
        present.`time_source` as `was_time_source`,
        batch.`time_source` as `is_time_source`,
        present.`talk_time_ms` as `was_talk_time_ms`,
        batch.`talk_time_ms` as `is_talk_time_ms`,
        present.`hold_time_ms` as `was_hold_time_ms`,
        batch.`hold_time_ms` as `is_hold_time_ms`,
        present.`wait_time_ms` as `was_wait_time_ms`,
        batch.`wait_time_ms` as `is_wait_time_ms`,
        present.`answer_time_ms` as `was_answer_time_ms`,
        batch.`answer_time_ms` as `is_answer_time_ms`,
        present.`customer_duration_ms` as `was_customer_duration_ms`,
        batch.`customer_duration_ms` as `is_customer_duration_ms`,
        present.`offered_count` as `was_offered_count`,
        batch.`offered_count` as `is_offered_count`,
        present.`answered_count` as `was_answered_count`,
        batch.`answered_count` as `is_answered_count`,
        present.`abandoned_count` as `was_abandoned_count`,
        batch.`abandoned_count` as `is_abandoned_count`,
        present.`flow_out_count` as `was_flow_out_count`,
        batch.`flow_out_count` as `is_flow_out_count`,
        present.`over_sla_count` as `was_over_sla_count`,
        batch.`over_sla_count` as `is_over_sla_count`,
        present.`within_service_level` as `was_within_service_level`,
        batch.`within_service_level` as `is_within_service_level`,
        present.`abandoned_before_answer` as `was_abandoned_before_answer`,
        batch.`abandoned_before_answer` as `is_abandoned_before_answer`,
        present.`short_abandon` as `was_short_abandon`,
        batch.`short_abandon` as `is_short_abandon`,
        present.`transfer_count` as `was_transfer_count`,
        batch.`transfer_count` as `is_transfer_count`,
        present.`blind_transferred` as `was_blind_transferred`,
        batch.`blind_transferred` as `is_blind_transferred`,
        present.`consult_transferred` as `was_consult_transferred`,
        batch.`consult_transferred` as `is_consult_transferred`,
        present.`disconnect_type` as `was_disconnect_type`,
        batch.`disconnect_type` as `is_disconnect_type`,
        present.`ended_by` as `was_ended_by`,
        batch.`ended_by` as `is_ended_by`,
        present.`wrapup_code` as `was_wrapup_code`,
        batch.`wrapup_code` as `is_wrapup_code`,
        present.`wrapup_name` as `was_wrapup_name`,
        batch.`wrapup_name` as `is_wrapup_name`,
        present.`bot_present` as `was_bot_present`,
        batch.`bot_present` as `is_bot_present`,
        present.`self_served` as `was_self_served`,
        batch.`self_served` as `is_self_served`,
        present.`flow_disconnect` as `was_flow_disconnect`,
        batch.`flow_disconnect` as `is_flow_disconnect`,
        present.`flow_id` as `was_flow_id`,
        batch.`flow_id` as `is_flow_id`,
        present.`flow_name` as `was_flow_name`,
        batch.`flow_name` as `is_flow_name`,
        present.`was_escalated_source` as `was_was_escalated_source`,
        batch.`was_escalated_source` as `is_was_escalated_source`,
        present.`nps` as `was_nps`,
        batch.`nps` as `is_nps`,
        present.`survey_partial` as `was_survey_partial`,
        batch.`survey_partial` as `is_survey_partial`,
        present.`survey_id` as `was_survey_id`,
        batch.`survey_id` as `is_survey_id`,
        present.`evaluation_id` as `was_evaluation_id`,
        batch.`evaluation_id` as `is_evaluation_id`,
        present.`division_id` as `was_division_id`,
        batch.`division_id` as `is_division_id`,
        present.`external_contact_id` as `was_external_contact_id`,
        batch.`external_contact_id` as `is_external_contact_id`,
        present.`question_count` as `was_question_count`,
        batch.`question_count` as `is_question_count`,
        present.`answered_question_count` as `was_answered_question_count`,
        batch.`answered_question_count` as `is_answered_question_count`
    from trunkline_batch as batch
    join merge_plan
        on batch.batch_file = merge_plan.batch_file
        and batch.batch_row = merge_plan.batch_row
    join `unified_interactions` as present
        on present.`conversation_id` = batch.`conversation_id`
    where merge_plan.action = 'update'
)
select
    `conversation_id`,
    column_name,
    case column_name
        when 'conversation_start' then cast(`was_conversation_start` as string)
        when 'conversation_end' then cast(`was_conversation_end` as string)
        when 'duration_ms' then cast(`was_duration_ms` as string)
        when 'queue_id' then cast(`was_queue_id` as string)
        when 'queue_name' then cast(`was_queue_name` as string)
        when 'media_type' then cast(`was_media_type` as string)
        when 'agent_id' then cast(`was_agent_id` as string)
        when 'agent_name' then cast(`was_agent_name` as string)
        when 'handle_time_ms' then cast(`was_handle_time_ms` as string)
        when 'acw_time_ms' then cast(`was_acw_time_ms` as string)
        when 'abandoned' then cast(`was_abandoned` as string)
        when 'transferred' then cast(`was_transferred` as string)
        when 'qa_score' then cast(`was_qa_score` as string)
        when 'csat_score' then cast(`was_csat_score` as string)
        when 'crm_account_id' then cast(`was_crm_account_id` as string)
        when 'crm_case_id' then cast(`was_crm_case_id` as string)
        when 'customer_tier' then cast(`was_customer_tier` as string)
        when 'account_owner' then cast(`was_account_owner` as string)
        when 'open_opportunity_count' then cast(`was_open_opportunity_count` as string)
        when 'ltv_usd' then cast(`was_ltv_usd` as string)
        when 'case_category' then cast(`was_case_category` as string)
        when 'was_escalated' then cast(`was_was_escalated` as string)
        when 'handled_by_bot_only' then cast(`was_handled_by_bot_only` as string)
        when 'data_source' then cast(`was_data_source` as string)
        when 'business_date' then cast(`was_business_date` as string)
        when 'customer_tier_at_contact' then cast(`was_customer_tier_at_contact` as string)
        when 'crm_account_name' then cast(`was_crm_account_name` as string)
        when 'industry' then cast(`was_industry` as string)
        when 'open_case_count' then cast(`was_open_case_count` as string)
        when 'crm_match_method' then cast(`was_crm_match_method` as string)
        when 'crm_id_status' then cast(`was_crm_id_status` as string)
        when 'crm_account_id_given' then cast(`was_crm_account_id_given` as string)
        when 'is_open' then cast(`was_is_open` as string)
        when 'direction' then cast(`was_direction` as string)
        when 'media_types' then cast(`was_media_types` as string)
        when 'message_type' then cast(`was_message_type` as string)
        when 'has_callback' then cast(`was_has_callback` as string)
        when 'first_queue_id' then cast(`was_first_queue_id` as string)
        when 'last_queue_id' then cast(`was_last_queue_id` as string)
        when 'queue_count' then cast(`was_queue_count` as string)
        when 'first_agent_id' then cast(`was_first_agent_id` as string)
        when 'agent_count' then cast(`was_agent_count` as string)
        when 'agent_legs_not_responding' then cast(`was_agent_legs_not_responding` as string)
        when 'handle_count' then cast(`was_handle_count` as string)
        when 'time_source' then cast(`was_time_source` as string)
        when 'talk_time_ms' then cast(`was_talk_time_ms` as string)
        when 'hold_time_ms' then cast(`was_hold_time_ms` as string)
        when 'wait_time_ms' then cast(`was_wait_time_ms` as string)
        when 'answer_time_ms' then cast(`was_answer_time_ms` as string)
        when 'customer_duration_ms' then cast(`was_customer_duration_ms` as string)
        when 'offered_count' then cast(`was_offered_count` as string)
        when 'answered_count' then cast(`was_answered_count` as string)
        when 'abandoned_count' then cast(`was_abandoned_count` as string)
        when 'flow_out_count' then cast(`was_flow_out_count` as string)
        when 'over_sla_count' then cast(`was_over_sla_count` as string)
        when 'within_service_level' then cast(`was_within_service_level` as string)
        when 'abandoned_before_answer' then cast(`was_abandoned_before_answer` as string)
        when 'short_abandon' then cast(`was_short_abandon` as string)
        when 'transfer_count' then cast(`was_transfer_count` as string)
        when 'blind_transferred' then cast(`was_blind_transferred` as string)
        when 'consult_transferred' then cast(`was_consult_transferred` as string)
        when 'disconnect_type' then cast(`was_disconnect_type` as string)
        when 'ended_by' then cast(`was_ended_by` as string)
        when 'wrapup_code' then cast(`was_wrapup_code` as string)
        when 'wrapup_name' then cast(`was_wrapup_name` as string)
        when 'bot_present' then cast(`was_bot_present` as string)
        when 'self_served' then cast(`was_self_served` as string)
        when 'flow_disconnect' then cast(`was_flow_disconnect` as string)
        when 'flow_id' then cast(`was_flow_id` as string)
        when 'flow_name' then cast(`was_flow_name` as string)
        when 'was_escalated_source' then cast(`was_was_escalated_source` as string)
        when 'nps' then cast(`was_nps` as string)
        when 'survey_partial' then cast(`was_survey_partial` as string)
        when 'survey_id' then cast(`was_survey_id` as string)
        when 'evaluation_id' then cast(`was_evaluation_id` as string)
        when 'division_id' then cast(`was_division_id` as string)
        when 'external_contact_id' then cast(`was_external_contact_id` as string)
        when 'question_count' then cast(`was_question_count` as string)
        when 'answered_question_count' then cast(`was_answered_question_count` as string)
    end as old_value,
    case column_name
        when 'conversation_start' then cast(`is_conversation_start` as string)
        when 'conversation_end' then cast(`is_conversation_end` as string)
        when 'duration_ms' then cast(`is_duration_ms` as string)
        when 'queue_id' then cast(`is_queue_id` as string)
        when 'queue_name' then cast(`is_queue_name` as string)
        when 'media_type' then cast(`is_media_type` as string)
        when 'agent_id' then cast(`is_agent_id` as string)
        when 'agent_name' then cast(`is_agent_name` as string)
        when 'handle_time_ms' then cast(`is_handle_time_ms` as string)
        when 'acw_time_ms' then cast(`is_acw_time_ms` as string)
        when 'abandoned' then cast(`is_abandoned` as string)
        when 'transferred' then cast(`is_transferred` as string)
        when 'qa_score' then cast(`is_qa_score` as string)
        when 'csat_score' then cast(`is_csat_score` as string)
        when 'crm_account_id' then cast(`is_crm_account_id` as string)
        when 'crm_case_id' then cast(`is_crm_case_id` as string)
        when 'customer_tier' then cast(`is_customer_tier` as string)
        when 'account_owner' then cast(`is_account_owner` as string)
        when 'open_opportunity_count' then cast(`is_open_opportunity_count` as string)
        when 'ltv_usd' then cast(`is_ltv_usd` as string)
        when 'case_category' then cast(`is_case_category` as string)
        when 'was_escalated' then cast(`is_was_escalated` as string)
        when 'handled_by_bot_only' then cast(`is_handled_by_bot_only` as string)
        when 'data_source' then cast(`is_data_source` as string)
        when 'business_date' then cast(`is_business_date` as string)
        when 'customer_tier_at_contact' then cast(`is_customer_tier_at_contact` as string)
        when 'crm_account_name' then cast(`is_crm_account_name` as string)
        when 'industry' then cast(`is_industry` as string)
        when 'open_case_count' then cast(`is_open_case_count` as string)
        when 'crm_match_method' then cast(`is_crm_match_method` as string)
        when 'crm_id_status' then cast(`is_crm_id_status` as string)
        when 'crm_account_id_given' then cast(`is_crm_account_id_given` as string)
        when 'is_open' then cast(`is_is_open` as string)
        when 'direction' then cast(`is_direction` as string)
        when 'media_types' then cast(`is_media_types` as string)
        when 'message_type' then cast(`is_message_type` as string)
        when 'has_callback' then cast(`is_has_callback` as string)
        when 'first_queue_id' then cast(`is_first_queue_id` as string)
        when 'last_queue_id' then cast(`is_last_queue_id` as string)
        when 'queue_count' then cast(`is_queue_count` as string)
        when 'first_agent_id' then cast(`is_first_agent_id` as string)
        when 'agent_count' then cast(`is_agent_count` as string)
        when 'agent_legs_not_responding' then cast(`is_agent_legs_not_responding` as string)
        when 'handle_count' then cast(`is_handle_count` as string)
        when 'time_source' then cast(`is_time_source` as string)
        when 'talk_time_ms' then cast(`is_talk_time_ms` as string)
        when 'hold_time_ms' then cast(`is_hold_time_ms` as string)
        when 'wait_time_ms' then cast(`is_wait_time_ms` as string)
        when 'answer_time_ms' then cast(`is_answer_time_ms` as string)
        when 'customer_duration_ms' then cast(`is_customer_duration_ms` as string)
        when 'offered_count' then cast(`is_offered_count` as string)
        when 'answered_count' then cast(`is_answered_count` as string)
        when 'abandoned_count' then cast(`is_abandoned_count` as string)
        when 'flow_out_count' then cast(`is_flow_out_count` as string)
        when 'over_sla_count' then cast(`is_over_sla_count` as string)
        when 'within_service_level' then cast(`is_within_service_level` as string)
        when 'abandoned_before_answer' then cast(`is_abandoned_before_answer` as string)
        when 'short_abandon' then cast(`is_short_abandon` as string)
        when 'transfer_count' then cast(`is_transfer_count` as string)
        when 'blind_transferred' then cast(`is_blind_transferred` as string)
        when 'consult_transferred' then cast(`is_consult_transferred` as string)
        when 'disconnect_type' then cast(`is_disconnect_type` as string)
        when 'ended_by' then cast(`is_ended_by` as string)
        when 'wrapup_code' then cast(`is_wrapup_code` as string)
        when 'wrapup_name' then cast(`is_wrapup_name` as string)
        when 'bot_present' then cast(`is_bot_present` as string)
        when 'self_served' then cast(`is_self_served` as string)
        when 'flow_disconnect' then cast(`is_flow_disconnect` as string)
        when 'flow_id' then cast(`is_flow_id` as string)
        when 'flow_name' then cast(`is_flow_name` as string)
        when 'was_escalated_source' then cast(`is_was_escalated_source` as string)
        when 'nps' then cast(`is_nps` as string)
        when 'survey_partial' then cast(`is_survey_partial` as string)
        when 'survey_id' then cast(`is_survey_id` as string)
        when 'evaluation_id' then cast(`is_evaluation_id` as string)
        when 'division_id' then cast(`is_division_id` as string)
        when 'external_contact_id' then cast(`is_external_contact_id` as string)
        when 'question_count' then cast(`is_question_count` as string)
        when 'answered_question_count' then cast(`is_answered_question_count` as string)
    end as new_value,
    column_name not in ('crm_account_id', 'customer_tier', 'account_owner', 'open_opportunity_count', 'ltv_usd', 'case_category', 'crm_account_name', 'industry', 'open_case_count', 'crm_id_status') as restates,
    source_run
from pair
lateral view explode(array(
    case when (`was_conversation_start` is null) <> (`is_conversation_start` is null) or `was_conversation_start` <> `is_conversation_start` then 'conversation_start' end,
    case when (`was_conversation_end` is null) <> (`is_conversation_end` is null) or `was_conversation_end` <> `is_conversation_end` then 'conversation_end' end,
    case when (`was_duration_ms` is null) <> (`is_duration_ms` is null) or `was_duration_ms` <> `is_duration_ms` then 'duration_ms' end,
    case when (`was_queue_id` is null) <> (`is_queue_id` is null) or `was_queue_id` <> `is_queue_id` then 'queue_id' end,
    case when (`was_queue_name` is null) <> (`is_queue_name` is null) or `was_queue_name` <> `is_queue_name` then 'queue_name' end,
    case when (`was_media_type` is null) <> (`is_media_type` is null) or `was_media_type` <> `is_media_type` then 'media_type' end,
    case when (`was_agent_id` is null) <> (`is_agent_id` is null) or `was_agent_id` <> `is_agent_id` then 'agent_id' end,
    case when (`was_agent_name` is null) <> (`is_agent_name` is null) or `was_agent_name` <> `is_agent_name` then 'agent_name' end,
    case when (`was_handle_time_ms` is null) <> (`is_handle_time_ms` is null) or `was_handle_time_ms` <> `is_handle_time_ms` then 'handle_time_ms' end,
    case when (`was_acw_time_ms` is null) <> (`is_acw_time_ms` is null) or `was_acw_time_ms` <> `is_acw_time_ms` then 'acw_time_ms' end,
    case when (`was_abandoned` is null) <> (`is_abandoned` is null) or `was_abandoned` <> `is_abandoned` then 'abandoned' end,
    case when (`was_transferred` is null) <> (`is_transferred` is null) or `was_transferred` <> `is_transferred` then 'transferred' end,
    case when (`was_qa_score` is null) <> (`is_qa_score` is null) or `was_qa_score` <> `is_qa_score` then 'qa_score' end,
    case when (`was_csat_score` is null) <> (`is_csat_score` is null) or `was_csat_score` <> `is_csat_score` then 'csat_score' end,
    case when (`was_crm_account_id` is null) <> (`is_crm_account_id` is null) or `was_crm_account_id` <> `is_crm_account_id` then 'crm_account_id' end,
    case when (`was_crm_case_id` is null) <> (`is_crm_case_id` is null) or `was_crm_case_id` <> `is_crm_case_id` then 'crm_case_id' end,
    case when (`was_customer_tier` is null) <> (`is_customer_tier` is null) or `was_customer_tier` <> `is_customer_tier` then 'customer_tier' end,
    case when (`was_account_owner` is null) <> (`is_account_owner` is null) or `was_account_owner` <> `is_account_owner` then 'account_owner' end,
    case when (`was_open_opportunity_count` is null) <> (`is_open_opportunity_count` is null) or `was_open_opportunity_count` <> `is_open_opportunity_count` then 'open_opportunity_count' end,
    case when (`was_ltv_usd` is null) <> (`is_ltv_usd` is null) or `was_ltv_usd` <> `is_ltv_usd` then 'ltv_usd' end,
    case when (`was_case_category` is null) <> (`is_case_category` is null) or `was_case_category` <> `is_case_category` then 'case_category' end,
    case when (`was_was_escalated` is null) <> (`is_was_escalated` is null) or `was_was_escalated` <> `is_was_escalated` then 'was_escalated' end,
    case when (`was_handled_by_bot_only` is null) <> (`is_handled_by_bot_only` is null) or `was_handled_by_bot_only` <> `is_handled_by_bot_only` then 'handled_by_bot_only' end,
    case when (`was_data_source` is null) <> (`is_data_source` is null) or `was_data_source` <> `is_data_source` then 'data_source' end,
    case when (`was_business_date` is null) <> (`is_business_date` is null) or `was_business_date` <> `is_business_date` then 'business_date' end,
    case when (`was_customer_tier_at_contact` is null) <> (`is_customer_tier_at_contact` is null) or `was_customer_tier_at_contact` <> `is_customer_tier_at_contact` then 'customer_tier_at_contact' end,
    case when (`was_crm_account_name` is null) <> (`is_crm_account_name` is null) or `was_crm_account_name` <> `is_crm_account_name` then 'crm_account_name' end,
    case when (`was_industry` is null) <> (`is_industry` is null) or `was_industry` <> `is_industry` then 'industry' end,
    case when (`was_open_case_count` is null) <> (`is_open_case_count` is null) or `was_open_case_count` <> `is_open_case_count` then 'open_case_count' end,
    case when (`was_crm_match_method` is null) <> (`is_crm_match_method` is null) or `was_crm_match_method` <> `is_crm_match_method` then 'crm_match_method' end,
    case when (`was_crm_id_status` is null) <> (`is_crm_id_status` is null) or `was_crm_id_status` <> `is_crm_id_status` then 'crm_id_status' end,
    case when (`was_crm_account_id_given` is null) <> (`is_crm_account_id_given` is null) or `was_crm_account_id_given` <> `is_crm_account_id_given` then 'crm_account_id_given' end,
    case when (`was_is_open` is null) <> (`is_is_open` is null) or `was_is_open` <> `is_is_open` then 'is_open' end,
    case when (`was_direction` is null) <> (`is_direction` is null) or `was_direction` <> `is_direction` then 'direction' end,
    case when (`was_media_types` is null) <> (`is_media_types` is null) or `was_media_types` <> `is_media_types` then 'media_types' end,
    case when (`was_message_type` is null) <> (`is_message_type` is null) or `was_message_type` <> `is_message_type` then 'message_type' end,
    case when (`was_has_callback` is null) <> (`is_has_callback` is null) or `was_has_callback` <> `is_has_callback` then 'has_callback' end,
    case when (`was_first_queue_id` is null) <> (`is_first_queue_id` is null) or `was_first_queue_id` <> `is_first_queue_id` then 'first_queue_id' end,
    case when (`was_last_queue_id` is null) <> (`is_last_queue_id` is null) or `was_last_queue_id` <> `is_last_queue_id` then 'last_queue_id' end,
    case when (`was_queue_count` is null) <> (`is_queue_count` is null) or `was_queue_count` <> `is_queue_count` then 'queue_count' end,
    case when (`was_first_agent_id` is null) <> (`is_first_agent_id` is null) or `was_first_agent_id` <> `is_first_agent_id` then 'first_agent_id' end,
    case when (`was_agent_count` is null) <> (`is_agent_count` is null) or `was_agent_count` <> `is_agent_count` then 'agent_count' end,
    case when (`was_agent_legs_not_responding` is null) <> (`is_agent_legs_not_responding` is null) or `was_agent_legs_not_responding` <> `is_agent_legs_not_responding` then 'agent_legs_not_responding' end,
    case when (`was_handle_count` is null) <> (`is_handle_count` is null) or `was_handle_count` <> `is_handle_count` then 'handle_count' end,
    case when (`was_time_source` is null) <> (`is_time_source` is null) or `was_time_source` <> `is_time_source` then 'time_source' end,
    case when (`was_talk_time_ms` is null) <> (`is_talk_time_ms` is null) or `was_talk_time_ms` <> `is_talk_time_ms` then 'talk_time_ms' end,
    case when (`was_hold_time_ms` is null) <> (`is_hold_time_ms` is null) or `was_hold_time_ms` <> `is_hold_time_ms` then 'hold_time_ms' end,
    case when (`was_wait_time_ms` is null) <> (`is_wait_time_ms` is null) or `was_wait_time_ms` <> `is_wait_time_ms` then 'wait_time_ms' end,
    case when (`was_answer_time_ms` is null) <> (`is_answer_time_ms` is null) or `was_answer_time_ms` <> `is_answer_time_ms` then 'answer_time_ms' end,
    case when (`was_customer_duration_ms` is null) <> (`is_customer_duration_ms` is null) or `was_customer_duration_ms` <> `is_customer_duration_ms` then 'customer_duration_ms' end,
    case when (`was_offered_count` is null) <> (`is_offered_count` is null) or `was_offered_count` <> `is_offered_count` then 'offered_count' end,
    case when (`was_answered_count` is null) <> (`is_answered_count` is null) or `was_answered_count` <> `is_answered_count` then 'answered_count' end,
    case when (`was_abandoned_count` is null) <> (`is_abandoned_count` is null) or `was_abandoned_count` <> `is_abandoned_count` then 'abandoned_count' end,
    case when (`was_flow_out_count` is null) <> (`is_flow_out_count` is null) or `was_flow_out_count` <> `is_flow_out_count` then 'flow_out_count' end,
    case when (`was_over_sla_count` is null) <> (`is_over_sla_count` is null) or `was_over_sla_count` <> `is_over_sla_count` then 'over_sla_count' end,
    case when (`was_within_service_level` is null) <> (`is_within_service_level` is null) or `was_within_service_level` <> `is_within_service_level` then 'within_service_level' end,
    case when (`was_abandoned_before_answer` is null) <> (`is_abandoned_before_answer` is null) or `was_abandoned_before_answer` <> `is_abandoned_before_answer` then 'abandoned_before_answer' end,
    case when (`was_short_abandon` is null) <> (`is_short_abandon` is null) or `was_short_abandon` <> `is_short_abandon` then 'short_abandon' end,
    case when (`was_transfer_count` is null) <> (`is_transfer_count` is null) or `was_transfer_count` <> `is_transfer_count` then 'transfer_count' end,
    case when (`was_blind_transferred` is null) <> (`is_blind_transferred` is null) or `was_blind_transferred` <> `is_blind_transferred` then 'blind_transferred' end,
    case when (`was_consult_transferred` is null) <> (`is_consult_transferred` is null) or `was_consult_transferred` <> `is_consult_transferred` then 'consult_transferred' end,
    case when (`was_disconnect_type` is null) <> (`is_disconnect_type` is null) or `was_disconnect_type` <> `is_disconnect_type` then 'disconnect_type' end,
    case when (`was_ended_by` is null) <> (`is_ended_by` is null) or `was_ended_by` <> `is_ended_by` then 'ended_by' end,
    case when (`was_wrapup_code` is null) <> (`is_wrapup_code` is null) or `was_wrapup_code` <> `is_wrapup_code` then 'wrapup_code' end,
    case when (`was_wrapup_name` is null) <> (`is_wrapup_name` is null) or `was_wrapup_name` <> `is_wrapup_name` then 'wrapup_name' end,
    case when (`was_bot_present` is null) <> (`is_bot_present` is null) or `was_bot_present` <> `is_bot_present` then 'bot_present' end,
    case when (`was_self_served` is null) <> (`is_self_served` is null) or `was_self_served` <> `is_self_served` then 'self_served' end,
    case when (`was_flow_disconnect` is null) <> (`is_flow_disconnect` is null) or `was_flow_disconnect` <> `is_flow_disconnect` then 'flow_disconnect' end,
    case when (`was_flow_id` is null) <> (`is_flow_id` is null) or `was_flow_id` <> `is_flow_id` then 'flow_id' end,
    case when (`was_flow_name` is null) <> (`is_flow_name` is null) or `was_flow_name` <> `is_flow_name` then 'flow_name' end,
    case when (`was_was_escalated_source` is null) <> (`is_was_escalated_source` is null) or `was_was_escalated_source` <> `is_was_escalated_source` then 'was_escalated_source' end,
    case when (`was_nps` is null) <> (`is_nps` is null) or `was_nps` <> `is_nps` then 'nps' end,
    case when (`was_survey_partial` is null) <> (`is_survey_partial` is null) or `was_survey_partial` <> `is_survey_partial` then 'survey_partial' end,
    case when (`was_survey_id` is null) <> (`is_survey_id` is null) or `was_survey_id` <> `is_survey_id` then 'survey_id' end,
    case when (`was_evaluation_id` is null) <> (`is_evaluation_id` is null) or `was_evaluation_id` <> `is_evaluation_id` then 'evaluation_id' end,
    case when (`was_division_id` is null) <> (`is_division_id` is null) or `was_division_id` <> `is_division_id` then 'division_id' end,
    case when (`was_external_contact_id` is null) <> (`is_external_contact_id` is null) or `was_external_contact_id` <> `is_external_contact_id` then 'external_contact_id' end,
    case when (`was_question_count` is null) <> (`is_question_count` is null) or `was_question_count` <> `is_question_count` then 'question_count' end,
    case when (`was_answered_question_count` is null) <> (`is_answered_question_count` is null) or `was_answered_question_count` <> `is_answered_question_count` then 'answered_question_count' end
)) changed as column_name
where column_name is not null;

-- record
insert into `unified_interaction_changes` (
    `conversation_id`,
    `column_name`,
    `changed_at`,
    `source_run`,
    `old_value`,
    `new_value`,
    `restates`
)
select
    `conversation_id`,
    `column_name`,
    :loaded_at,
    `source_run`,
    `old_value`,
    `new_value`,
    `restates`
from merge_changes;

-- delete
delete from `unified_interactions`
where exists (
    select 1
    from merge_plan
    where `unified_interactions`.`conversation_id` = merge_plan.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

-- insert
insert into `unified_interactions` (
    `conversation_id`,
    `conversation_start`,
    `conversation_end`,
    `duration_ms`,
    `queue_id`,
    `queue_name`,
    `media_type`,
    `agent_id`,
    `agent_name`,
    `handle_time_ms`,
    `acw_time_ms`,
    `abandoned`,
    `transferred`,
    `qa_score`,
    `csat_score`,
    `crm_account_id`,
    `crm_case_id`,
    `customer_tier`,
    `account_owner`,
    `open_opportunity_count`,
    `ltv_usd`,
    `case_category`,
    `was_escalated`,
    `handled_by_bot_only`,
    `etl_loaded_at`,
    `data_source`,
    `business_date`,
    `customer_tier_at_contact`,
    `crm_account_name`,
    `industry`,
    `open_case_count`,
    `crm_match_method`,
    `crm_id_status`,
    `crm_account_id_given`,
    `finality`,
    `is_open`,
    `direction`,
    `media_types`,
    `message_type`,
    `has_callback`,
    `first_queue_id`,
    `last_queue_id`,
    `queue_count`,
    `first_agent_id`,
    `agent_count`,
    `agent_legs_not_responding`,
    `handle_count`,
    `time_source`,
    `talk_time_ms`,
    `hold_time_ms`,
    `wait_time_ms`,
    `answer_time_ms`,
    `customer_duration_ms`,
    `offered_count`,
    `answered_count`,
    `abandoned_count`,
    `flow_out_count`,
    `over_sla_count`,
    `within_service_level`,
    `abandoned_before_answer`,
    `short_abandon`,
    `transfer_count`,
    `blind_transferred`,
    `consult_transferred`,
    `disconnect_type`,
    `ended_by`,
    `wrapup_code`,
    `wrapup_name`,
    `bot_present`,
    `self_served`,
    `flow_disconnect`,
    `flow_id`,
    `flow_name`,
    `was_escalated_source`,
    `nps`,
    `survey_partial`,
    `survey_id`,
    `evaluation_id`,
    `division_id`,
    `external_contact_id`,
    `question_count`,
    `answered_question_count`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `first_seen_at`,
    `last_changed_at`,
    `restated_at`
)
select
    batch.`conversation_id`,
    batch.`conversation_start`,
    batch.`conversation_end`,
    batch.`duration_ms`,
    batch.`queue_id`,
    batch.`queue_name`,
    batch.`media_type`,
    batch.`agent_id`,
    batch.`agent_name`,
    batch.`handle_time_ms`,
    batch.`acw_time_ms`,
    batch.`abandoned`,
    batch.`transferred`,
    batch.`qa_score`,
    batch.`csat_score`,
    batch.`crm_account_id`,
    batch.`crm_case_id`,
    batch.`customer_tier`,
    batch.`account_owner`,
    batch.`open_opportunity_count`,
    batch.`ltv_usd`,
    batch.`case_category`,
    batch.`was_escalated`,
    batch.`handled_by_bot_only`,
    :loaded_at,
    batch.`data_source`,
    batch.`business_date`,
    batch.`customer_tier_at_contact`,
    batch.`crm_account_name`,
    batch.`industry`,
    batch.`open_case_count`,
    batch.`crm_match_method`,
    batch.`crm_id_status`,
    batch.`crm_account_id_given`,
    case when batch.`finality` = 'final' and coalesce(merge_plan.`restated_at`, case when merge_plan.`finality` in ('final', 'restated') and changed.`conversation_id` is not null then :loaded_at end) is not null then 'restated' else batch.`finality` end,
    batch.`is_open`,
    batch.`direction`,
    batch.`media_types`,
    batch.`message_type`,
    batch.`has_callback`,
    batch.`first_queue_id`,
    batch.`last_queue_id`,
    batch.`queue_count`,
    batch.`first_agent_id`,
    batch.`agent_count`,
    batch.`agent_legs_not_responding`,
    batch.`handle_count`,
    batch.`time_source`,
    batch.`talk_time_ms`,
    batch.`hold_time_ms`,
    batch.`wait_time_ms`,
    batch.`answer_time_ms`,
    batch.`customer_duration_ms`,
    batch.`offered_count`,
    batch.`answered_count`,
    batch.`abandoned_count`,
    batch.`flow_out_count`,
    batch.`over_sla_count`,
    batch.`within_service_level`,
    batch.`abandoned_before_answer`,
    batch.`short_abandon`,
    batch.`transfer_count`,
    batch.`blind_transferred`,
    batch.`consult_transferred`,
    batch.`disconnect_type`,
    batch.`ended_by`,
    batch.`wrapup_code`,
    batch.`wrapup_name`,
    batch.`bot_present`,
    batch.`self_served`,
    batch.`flow_disconnect`,
    batch.`flow_id`,
    batch.`flow_name`,
    batch.`was_escalated_source`,
    batch.`nps`,
    batch.`survey_partial`,
    batch.`survey_id`,
    batch.`evaluation_id`,
    batch.`division_id`,
    batch.`external_contact_id`,
    batch.`question_count`,
    batch.`answered_question_count`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    coalesce(merge_plan.`first_seen_at`, :loaded_at),
    case when merge_plan.action = 'settle' then merge_plan.`last_changed_at` else :loaded_at end,
    coalesce(merge_plan.`restated_at`, case when merge_plan.`finality` in ('final', 'restated') and changed.`conversation_id` is not null then :loaded_at end)
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
left join (
    select distinct `conversation_id`
    from merge_changes
    where restates
) as changed
    on changed.`conversation_id` = merge_plan.`conversation_id`
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;

-- drop
drop table merge_changes;
