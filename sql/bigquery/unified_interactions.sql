-- Generated. Table unified_interactions: DDL and merge.
create table if not exists `unified_interactions` (
    `conversation_id` string not null options (description = 'Identifies the conversation within the contact centre; the table\'s key. Of on-premise calls onprem:<stream>:<connection>.'),
    `conversation_start` timestamp not null options (description = 'When the conversation began. Never changes for a conversation_id.'),
    `conversation_end` timestamp options (description = 'When it ended, after-call work included; NULL while it is open.'),
    `duration_ms` int64 options (description = 'conversation_end − conversation_start in ms; includes after-call work; NULL while open.'),
    `queue_id` string options (description = 'Queue of the last answered agent leg; where nobody answered, the last queue waited in; NULL if no queue was reached.'),
    `queue_name` string options (description = 'Name of queue_id; names of deleted queues are kept.'),
    `media_type` string options (description = 'Medium of the customer\'s earliest session (voice, callback, chat, email, message …); NULL if unknown, never a default.'),
    `agent_id` string options (description = 'The last agent who answered. Figures per agent come from the agents\' legs, never from this column.'),
    `agent_name` string options (description = 'Name of agent_id; names of leavers are kept.'),
    `handle_time_ms` int64 options (description = 'Sum of tHandle over all agents in ms (contacting + dialing + talk + hold + after-call work); NULL if nobody handled it.'),
    `acw_time_ms` int64 options (description = 'Sum of tAcw (after-call work) over all agents in ms; NULL if none was measured.'),
    `abandoned` bool options (description = 'Whether the customer left, or was dropped, while waiting in a queue (any tAbandon). A rate\'s denominator is offered.'),
    `transferred` bool options (description = 'Whether an agent passed the conversation on (nTransferred > 0), blind or after consulting.'),
    `qa_score` float64 options (description = 'Total score of the newest finished evaluation that was neither deleted nor a calibration; as received, not rescaled.'),
    `csat_score` float64 options (description = 'Total score of the newest finished survey; as received, not rescaled. 0 is a score.'),
    `crm_account_id` string options (description = 'Salesforce account, 18 characters, after following merges; NULL when none was given or it was malformed.'),
    `crm_case_id` string options (description = 'Salesforce case, 18 characters; NULL when none was given or it was malformed.'),
    `customer_tier` string options (description = 'The account\'s tier today. NULL when the account is not known.'),
    `account_owner` string options (description = 'Name of the account\'s owner today.'),
    `open_opportunity_count` int64 options (description = 'The account\'s open opportunities today (IsClosed = false); 0 only when the account is known.'),
    `ltv_usd` float64 options (description = 'The account\'s lifetime value today, in US dollars.'),
    `case_category` string options (description = 'Category of the case crm_case_id.'),
    `was_escalated` bool options (description = 'Whether it was escalated: the flow\'s own flag if it was set, else whether a bot\'s conversation went on to a queue or an agent; NULL where neither can be told. was_escalated_source says which.'),
    `handled_by_bot_only` bool options (description = 'Whether a bot alone handled it: a bot took part, it reached neither queue nor agent, and it ended. NULL while open.'),
    `etl_loaded_at` timestamp options (description = 'When this version of the row was written to the warehouse.'),
    `data_source` string not null options (description = 'Which system it comes from: genesys_cloud, or of contacts that only Trusst knows genesys_onpremise, premier_contact_point.'),
    `business_date` string not null options (description = 'Day on which it began in the organisation\'s time zone, YYYY-MM-DD: what a business day\'s figures group by.'),
    `customer_tier_at_contact` string options (description = 'The account\'s tier when the conversation began; NULL when no version of the account reaches back to that time. A change is dated by the account\'s last edit (SystemModstamp) that the nightly mirror saw.'),
    `crm_account_name` string options (description = 'Name of the account today.'),
    `industry` string options (description = 'Industry of the account today.'),
    `open_case_count` int64 options (description = 'The account\'s open cases today (IsClosed = false); 0 only when the account is known.'),
    `crm_match_method` string options (description = 'How the account was found: attribute, or NULL when no id was given.'),
    `crm_id_status` string not null options (description = 'What became of the account id: ok, missing, malformed, unknown_account, merged.'),
    `crm_account_id_given` string options (description = 'The account id as the conversation carried it, before any repair.'),
    `finality` string not null options (description = 'How settled the row is: live (open, or read before the source\'s data is complete), provisional (scores and corrections may still come), final (older than the period that is read again), restated (final, and yet it changed after it had been final before: see restated_at).'),
    `is_open` bool not null options (description = 'Whether the conversation had not ended when it was read.'),
    `direction` string options (description = 'Direction of the conversation\'s first leg: inbound or outbound.'),
    `media_types` string options (description = 'All media that took part, sorted, comma-separated.'),
    `message_type` string options (description = 'Kind of message (sms, whatsapp, webmessaging …) where media_type is message.'),
    `has_callback` bool options (description = 'Whether a callback took part.'),
    `first_queue_id` string options (description = 'First queue waited in, else the first answered leg\'s queue.'),
    `last_queue_id` string options (description = 'Queue of the last answered leg, else the last queue waited in.'),
    `queue_count` int64 options (description = 'Number of different queues visited.'),
    `first_agent_id` string options (description = 'The first agent who answered.'),
    `agent_count` int64 options (description = 'Number of different agents who answered.'),
    `agent_legs_not_responding` int64 options (description = 'Agent legs that rang and were not answered.'),
    `handle_count` int64 options (description = 'Number of tHandle metrics; average handle time is Σ handle_time_ms / Σ handle_count.'),
    `time_source` string not null options (description = 'Where handle and after-call time come from: metric, segments (no metrics were recorded), none.'),
    `talk_time_ms` int64 options (description = 'Sum of tTalkComplete, else of tTalk, over all agents in ms.'),
    `hold_time_ms` int64 options (description = 'Sum of tHeldComplete, else of tHeld, over all agents in ms.'),
    `wait_time_ms` int64 options (description = 'Time waited in queues in ms: tAnswered + tAbandon + tFlowOut, the source\'s tWait.'),
    `answer_time_ms` int64 options (description = 'Sum of tAnswered in ms: queue entry to answer. Average speed of answer is Σ answer_time_ms / Σ answered_count.'),
    `customer_duration_ms` int64 options (description = 'First to last moment of the customer\'s own sessions in ms; without after-call work; NULL while open.'),
    `offered_count` int64 options (description = 'Queue entries (Σ nOffered).'),
    `answered_count` int64 options (description = 'Queue entries that an agent answered (number of tAnswered).'),
    `abandoned_count` int64 options (description = 'Queue entries abandoned (number of tAbandon).'),
    `flow_out_count` int64 options (description = 'Queue entries left unanswered for a flow, voicemail, callback or other queue (number of tFlowOut).'),
    `over_sla_count` int64 options (description = 'Answers later than the queue\'s target (Σ nOverSla). Service level is (answered_count − over_sla_count) / (answered_count + abandoned_count), summed first.'),
    `within_service_level` bool options (description = 'Whether every answer kept the queue\'s target; NULL when nothing was answered.'),
    `abandoned_before_answer` bool options (description = 'Abandoned and never answered by anybody.'),
    `short_abandon` bool options (description = 'Abandoned sooner than the organisation\'s short-abandon threshold (tShortAbandon).'),
    `transfer_count` int64 options (description = 'Σ nTransferred.'),
    `blind_transferred` bool options (description = 'Whether a transfer was blind (nBlindTransferred > 0).'),
    `consult_transferred` bool options (description = 'Whether a transfer followed a consultation (nConsultTransferred > 0).'),
    `disconnect_type` string options (description = 'How the customer\'s last leg ended (peer, client, endpoint, timeout, system, transfer …).'),
    `ended_by` string options (description = 'Who hung up, where both sides\' disconnects tell: customer or agent.'),
    `wrapup_code` string options (description = 'Wrap-up code of the last answered leg.'),
    `wrapup_name` string options (description = 'Name of wrapup_code; system codes (ININ-WRAP-UP-TIMEOUT …) have none.'),
    `bot_present` bool options (description = 'Whether a bot took part.'),
    `self_served` bool options (description = 'The source\'s own flag that every flow session was self-served.'),
    `flow_disconnect` bool options (description = 'Whether it ended inside a flow (IVR or bot) without reaching a queue.'),
    `flow_id` string options (description = 'First flow the conversation entered.'),
    `flow_name` string options (description = 'Name of flow_id at the time of the conversation.'),
    `was_escalated_source` string not null options (description = 'Where was_escalated comes from: attribute, flow, or none.'),
    `nps` int64 options (description = 'Promoter score (0–10) of the newest finished survey.'),
    `survey_partial` bool options (description = 'Whether the newest finished survey was answered only in part.'),
    `survey_id` string options (description = 'The survey that csat_score comes from.'),
    `evaluation_id` string options (description = 'The evaluation that qa_score comes from.'),
    `division_id` string options (description = 'First division of the conversation.'),
    `external_contact_id` string options (description = 'External contact of the customer.'),
    `question_count` int64 options (description = 'Universal questions asked of it by Trusst; NULL where no answers were landed.'),
    `answered_question_count` int64 options (description = 'Universal questions answered.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked. Of two versions of a row the one observed later is the row.'),
    `row_hash` string not null options (description = '128-bit hash of all columns that tell of the world; equal hashes are equal rows.'),
    `first_seen_at` timestamp options (description = 'When the key was first written to the warehouse.'),
    `last_changed_at` timestamp options (description = 'When the row was last written with another content.'),
    `restated_at` timestamp options (description = 'When the row first changed after it had been final, in a column that does not follow the CRM; NULL if it never did.'),
    primary key (`conversation_id`) not enforced
)
partition by date(`conversation_start`)
cluster by `conversation_id`
options (
    description = 'Interaction is one conversation with its customer: what the contact centre measured, what the CRM knows of the caller today and knew at the time, and how sure we are of the link. One row a conversation_id. The first 26 columns are those of the source guide, in its order; times are UTC, durations milliseconds, money US dollars. NULL is always "not known or not applicable", never zero or false.',
    labels = [('application', 'trunkline')]
);

declare planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged int64;

declare first_replaced, last_replaced timestamp;

begin transaction;

update etl_leases
set expires_at = @expires_at
where resource = 'warehouse'
    and token = @token;

assert @@row_count = 1 as 'trunkline: the lease is no longer ours';

assert (
    select count(*)
    from `trunkline_staging`.`unified_interactions`
) = @received_unified_interactions as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `conversation_id`,
        `observed_at`,
        `row_hash`,
        `finality`,
        row_number() over (partition by `conversation_id` order by `observed_at` desc, `row_hash` desc, `finality` desc) as version
    from `trunkline_staging`.`unified_interactions` as staged
)
select
    received.`conversation_id`,
    present.`finality`,
    present.`first_seen_at`,
    present.`last_changed_at`,
    present.`restated_at`,
    present.`conversation_start` as replaced_from,
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

set (planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged) = (
    select as struct
        (select count(*) from (select distinct `conversation_id` from merge_plan) as versions) as keys,
        count(*) as plans,
        count(case when action = 'insert' then 1 end) as inserts,
        count(case when action in ('update', 'settle') then 1 end) as updates,
        count(case when action = 'unchanged' then 1 end) as unchanged
    from merge_plan
);

assert planned_rows = planned_keys as 'trunkline: the table holds keys of the batch more than once';

set (first_replaced, last_replaced) = (
    select as struct
        min(case when merge_plan.action in ('update', 'settle') then replaced_from end),
        max(case when merge_plan.action in ('update', 'settle') then replaced_from end)
    from merge_plan
);

create temp table merge_changes as
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
    from (
        select *
        from (
            select
                staged.*,
                row_number() over (partition by `conversation_id` order by `observed_at` desc, `row_hash` desc, `finality` desc) as batch_version
            from `trunkline_staging`.`unified_interactions` as staged
        ) as numbered
        where batch_version = 1
    ) as batch
    join merge_plan
        on batch.`conversation_id` = merge_plan.`conversation_id`
    join `unified_interactions` as present
        on present.`conversation_id` = batch.`conversation_id`
        and present.`conversation_start` between first_replaced and last_replaced
    where merge_plan.action = 'update'
)
select
    pair.`conversation_id`,
    cells.column_name,
    cells.old_value,
    cells.new_value,
    cells.restates,
    pair.source_run
from pair
cross join unnest([
    struct('conversation_start' as column_name, format_timestamp('%F %H:%M:%E*S', `was_conversation_start`) as old_value, format_timestamp('%F %H:%M:%E*S', `is_conversation_start`) as new_value, true as restates),
    struct('conversation_end', format_timestamp('%F %H:%M:%E*S', `was_conversation_end`), format_timestamp('%F %H:%M:%E*S', `is_conversation_end`), true),
    struct('duration_ms', cast(`was_duration_ms` as string), cast(`is_duration_ms` as string), true),
    struct('queue_id', cast(`was_queue_id` as string), cast(`is_queue_id` as string), true),
    struct('queue_name', cast(`was_queue_name` as string), cast(`is_queue_name` as string), true),
    struct('media_type', cast(`was_media_type` as string), cast(`is_media_type` as string), true),
    struct('agent_id', cast(`was_agent_id` as string), cast(`is_agent_id` as string), true),
    struct('agent_name', cast(`was_agent_name` as string), cast(`is_agent_name` as string), true),
    struct('handle_time_ms', cast(`was_handle_time_ms` as string), cast(`is_handle_time_ms` as string), true),
    struct('acw_time_ms', cast(`was_acw_time_ms` as string), cast(`is_acw_time_ms` as string), true),
    struct('abandoned', cast(`was_abandoned` as string), cast(`is_abandoned` as string), true),
    struct('transferred', cast(`was_transferred` as string), cast(`is_transferred` as string), true),
    struct('qa_score', cast(`was_qa_score` as string), cast(`is_qa_score` as string), true),
    struct('csat_score', cast(`was_csat_score` as string), cast(`is_csat_score` as string), true),
    struct('crm_account_id', cast(`was_crm_account_id` as string), cast(`is_crm_account_id` as string), false),
    struct('crm_case_id', cast(`was_crm_case_id` as string), cast(`is_crm_case_id` as string), true),
    struct('customer_tier', cast(`was_customer_tier` as string), cast(`is_customer_tier` as string), false),
    struct('account_owner', cast(`was_account_owner` as string), cast(`is_account_owner` as string), false),
    struct('open_opportunity_count', cast(`was_open_opportunity_count` as string), cast(`is_open_opportunity_count` as string), false),
    struct('ltv_usd', cast(`was_ltv_usd` as string), cast(`is_ltv_usd` as string), false),
    struct('case_category', cast(`was_case_category` as string), cast(`is_case_category` as string), false),
    struct('was_escalated', cast(`was_was_escalated` as string), cast(`is_was_escalated` as string), true),
    struct('handled_by_bot_only', cast(`was_handled_by_bot_only` as string), cast(`is_handled_by_bot_only` as string), true),
    struct('data_source', cast(`was_data_source` as string), cast(`is_data_source` as string), true),
    struct('business_date', cast(`was_business_date` as string), cast(`is_business_date` as string), true),
    struct('customer_tier_at_contact', cast(`was_customer_tier_at_contact` as string), cast(`is_customer_tier_at_contact` as string), true),
    struct('crm_account_name', cast(`was_crm_account_name` as string), cast(`is_crm_account_name` as string), false),
    struct('industry', cast(`was_industry` as string), cast(`is_industry` as string), false),
    struct('open_case_count', cast(`was_open_case_count` as string), cast(`is_open_case_count` as string), false),
    struct('crm_match_method', cast(`was_crm_match_method` as string), cast(`is_crm_match_method` as string), true),
    struct('crm_id_status', cast(`was_crm_id_status` as string), cast(`is_crm_id_status` as string), false),
    struct('crm_account_id_given', cast(`was_crm_account_id_given` as string), cast(`is_crm_account_id_given` as string), true),
    struct('is_open', cast(`was_is_open` as string), cast(`is_is_open` as string), true),
    struct('direction', cast(`was_direction` as string), cast(`is_direction` as string), true),
    struct('media_types', cast(`was_media_types` as string), cast(`is_media_types` as string), true),
    struct('message_type', cast(`was_message_type` as string), cast(`is_message_type` as string), true),
    struct('has_callback', cast(`was_has_callback` as string), cast(`is_has_callback` as string), true),
    struct('first_queue_id', cast(`was_first_queue_id` as string), cast(`is_first_queue_id` as string), true),
    struct('last_queue_id', cast(`was_last_queue_id` as string), cast(`is_last_queue_id` as string), true),
    struct('queue_count', cast(`was_queue_count` as string), cast(`is_queue_count` as string), true),
    struct('first_agent_id', cast(`was_first_agent_id` as string), cast(`is_first_agent_id` as string), true),
    struct('agent_count', cast(`was_agent_count` as string), cast(`is_agent_count` as string), true),
    struct('agent_legs_not_responding', cast(`was_agent_legs_not_responding` as string), cast(`is_agent_legs_not_responding` as string), true),
    struct('handle_count', cast(`was_handle_count` as string), cast(`is_handle_count` as string), true),
    struct('time_source', cast(`was_time_source` as string), cast(`is_time_source` as string), true),
    struct('talk_time_ms', cast(`was_talk_time_ms` as string), cast(`is_talk_time_ms` as string), true),
    struct('hold_time_ms', cast(`was_hold_time_ms` as string), cast(`is_hold_time_ms` as string), true),
    struct('wait_time_ms', cast(`was_wait_time_ms` as string), cast(`is_wait_time_ms` as string), true),
    struct('answer_time_ms', cast(`was_answer_time_ms` as string), cast(`is_answer_time_ms` as string), true),
    struct('customer_duration_ms', cast(`was_customer_duration_ms` as string), cast(`is_customer_duration_ms` as string), true),
    struct('offered_count', cast(`was_offered_count` as string), cast(`is_offered_count` as string), true),
    struct('answered_count', cast(`was_answered_count` as string), cast(`is_answered_count` as string), true),
    struct('abandoned_count', cast(`was_abandoned_count` as string), cast(`is_abandoned_count` as string), true),
    struct('flow_out_count', cast(`was_flow_out_count` as string), cast(`is_flow_out_count` as string), true),
    struct('over_sla_count', cast(`was_over_sla_count` as string), cast(`is_over_sla_count` as string), true),
    struct('within_service_level', cast(`was_within_service_level` as string), cast(`is_within_service_level` as string), true),
    struct('abandoned_before_answer', cast(`was_abandoned_before_answer` as string), cast(`is_abandoned_before_answer` as string), true),
    struct('short_abandon', cast(`was_short_abandon` as string), cast(`is_short_abandon` as string), true),
    struct('transfer_count', cast(`was_transfer_count` as string), cast(`is_transfer_count` as string), true),
    struct('blind_transferred', cast(`was_blind_transferred` as string), cast(`is_blind_transferred` as string), true),
    struct('consult_transferred', cast(`was_consult_transferred` as string), cast(`is_consult_transferred` as string), true),
    struct('disconnect_type', cast(`was_disconnect_type` as string), cast(`is_disconnect_type` as string), true),
    struct('ended_by', cast(`was_ended_by` as string), cast(`is_ended_by` as string), true),
    struct('wrapup_code', cast(`was_wrapup_code` as string), cast(`is_wrapup_code` as string), true),
    struct('wrapup_name', cast(`was_wrapup_name` as string), cast(`is_wrapup_name` as string), true),
    struct('bot_present', cast(`was_bot_present` as string), cast(`is_bot_present` as string), true),
    struct('self_served', cast(`was_self_served` as string), cast(`is_self_served` as string), true),
    struct('flow_disconnect', cast(`was_flow_disconnect` as string), cast(`is_flow_disconnect` as string), true),
    struct('flow_id', cast(`was_flow_id` as string), cast(`is_flow_id` as string), true),
    struct('flow_name', cast(`was_flow_name` as string), cast(`is_flow_name` as string), true),
    struct('was_escalated_source', cast(`was_was_escalated_source` as string), cast(`is_was_escalated_source` as string), true),
    struct('nps', cast(`was_nps` as string), cast(`is_nps` as string), true),
    struct('survey_partial', cast(`was_survey_partial` as string), cast(`is_survey_partial` as string), true),
    struct('survey_id', cast(`was_survey_id` as string), cast(`is_survey_id` as string), true),
    struct('evaluation_id', cast(`was_evaluation_id` as string), cast(`is_evaluation_id` as string), true),
    struct('division_id', cast(`was_division_id` as string), cast(`is_division_id` as string), true),
    struct('external_contact_id', cast(`was_external_contact_id` as string), cast(`is_external_contact_id` as string), true),
    struct('question_count', cast(`was_question_count` as string), cast(`is_question_count` as string), true),
    struct('answered_question_count', cast(`was_answered_question_count` as string), cast(`is_answered_question_count` as string), true)
]) as cells
where cells.old_value is distinct from cells.new_value;

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
    @loaded_at,
    `source_run`,
    `old_value`,
    `new_value`,
    `restates`
from merge_changes;

delete from `unified_interactions`
where `unified_interactions`.`conversation_start` between first_replaced and last_replaced
    and exists (
        select 1
        from merge_plan
        where `unified_interactions`.`conversation_id` = merge_plan.`conversation_id`
            and merge_plan.action in ('update', 'settle')
    );

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

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
    @loaded_at,
    batch.`data_source`,
    batch.`business_date`,
    batch.`customer_tier_at_contact`,
    batch.`crm_account_name`,
    batch.`industry`,
    batch.`open_case_count`,
    batch.`crm_match_method`,
    batch.`crm_id_status`,
    batch.`crm_account_id_given`,
    case when batch.`finality` = 'final' and coalesce(merge_plan.`restated_at`, case when merge_plan.`finality` in ('final', 'restated') and exists (select 1 from merge_changes where merge_changes.`conversation_id` = merge_plan.`conversation_id` and merge_changes.restates) then @loaded_at end) is not null then 'restated' else batch.`finality` end,
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
    coalesce(merge_plan.`first_seen_at`, @loaded_at),
    case when merge_plan.action = 'settle' then merge_plan.`last_changed_at` else @loaded_at end,
    coalesce(merge_plan.`restated_at`, case when merge_plan.`finality` in ('final', 'restated') and exists (select 1 from merge_changes where merge_changes.`conversation_id` = merge_plan.`conversation_id` and merge_changes.restates) then @loaded_at end)
from (
    select *
    from (
        select
            staged.*,
            row_number() over (partition by `conversation_id` order by `observed_at` desc, `row_hash` desc, `finality` desc) as batch_version
        from `trunkline_staging`.`unified_interactions` as staged
    ) as numbered
    where batch_version = 1
) as batch
join merge_plan
    on batch.`conversation_id` = merge_plan.`conversation_id`
where merge_plan.action <> 'unchanged';

assert @@row_count = planned_inserts + planned_updates as 'trunkline: not as many rows were written as were planned';

delete from etl_commits
where step_id in (@step_id);

insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at, deleted)
values
    (@step_id, @content_hash, planned_inserts, planned_updates, planned_unchanged, @loaded_at, 0);

select step_id, inserted, updated, unchanged, deleted
from etl_commits
where step_id in (@step_id);

commit transaction;
