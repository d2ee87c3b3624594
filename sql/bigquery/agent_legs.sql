-- Generated. Table agent_legs: DDL and merge.
create table if not exists `agent_legs` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `participant_id` string not null options (description = 'Participant within the conversation; where the source names none, # and its position.'),
    `session_id` string not null options (description = 'Session within the participant; where the source names none, # and its position.'),
    `conversation_start` timestamp not null options (description = 'When the conversation began.'),
    `business_date` string not null options (description = 'Day on which the leg began in the organisation\'s time zone, YYYY-MM-DD; the conversation\'s where it has no begin.'),
    `business_hour` int64 options (description = 'Hour of that day, 0 to 23, in the organisation\'s time zone; NULL where the leg has no begin.'),
    `started_at` timestamp options (description = 'Begin of the leg.'),
    `ended_at` timestamp options (description = 'End of the leg; NULL while it runs.'),
    `leg_seq` int64 not null options (description = 'Place among the agent legs of the conversation, from 1.'),
    `user_id` string not null options (description = 'The agent.'),
    `agent_name` string options (description = 'Name of the agent; names of leavers are kept.'),
    `queue_id` string options (description = 'Queue on whose account he was asked.'),
    `queue_name` string options (description = 'Name of the queue; names of deleted queues are kept.'),
    `media_type` string options (description = 'Medium of the session.'),
    `direction` string options (description = 'inbound or outbound.'),
    `answered` bool not null options (description = 'Whether he came on the line.'),
    `not_responding` bool not null options (description = 'Whether it rang in vain.'),
    `is_last_answered` bool not null options (description = 'Whether it is the last answered leg: the one that agent_id and queue_id of unified_interactions come from.'),
    `alert_time_ms` int64 options (description = 'Σ tAlert.'),
    `contacting_time_ms` int64 options (description = 'Σ tContacting.'),
    `dialing_time_ms` int64 options (description = 'Σ tDialing.'),
    `talk_time_ms` int64 options (description = 'Σ tTalkComplete, else Σ tTalk.'),
    `hold_time_ms` int64 options (description = 'Σ tHeldComplete, else Σ tHeld.'),
    `acw_time_ms` int64 options (description = 'Σ tAcw.'),
    `handle_time_ms` int64 options (description = 'Σ tHandle.'),
    `handle_count` int64 options (description = 'Number of tHandle; NULL without any metric.'),
    `answer_time_ms` int64 options (description = 'Σ tAnswered: the wait that this answer ended.'),
    `transfer_count` int64 options (description = 'Σ nTransferred; NULL without any metric.'),
    `blind_transfer_count` int64 options (description = 'Σ nBlindTransferred; NULL without any metric.'),
    `consult_transfer_count` int64 options (description = 'Σ nConsultTransferred; NULL without any metric.'),
    `consult_count` int64 options (description = 'Σ nConsult; NULL without any metric.'),
    `wrapup_code` string options (description = 'Wrap-up code.'),
    `wrapup_name` string options (description = 'Name of the code; system codes have none.'),
    `disconnect_type` string options (description = 'How the leg ended.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `participant_id`, `session_id`) not enforced
)
partition by date(`conversation_start`)
cluster by `conversation_id`, `participant_id`, `session_id`
options (
    description = 'One session of an agent who had to do with the customer: answered or not, supervisors who listen in left out. Figures per agent come from here. Milliseconds are sums of the session\'s own metrics; NULL where it has none of that kind.',
    labels = [('application', 'trunkline')]
);
