-- Generated. Table queue_visits: DDL and merge.
create table if not exists `queue_visits` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `participant_id` string not null options (description = 'Participant within the conversation; where the source names none, # and its position.'),
    `session_id` string not null options (description = 'Session within the participant; where the source names none, # and its position.'),
    `conversation_start` timestamp not null options (description = 'When the conversation began.'),
    `business_date` string not null options (description = 'Day of the offer in the organisation\'s time zone, YYYY-MM-DD; the conversation\'s where its time is not known.'),
    `business_hour` int64 options (description = 'Hour of that day, 0 to 23, in the organisation\'s time zone; NULL where the time of the offer is not known.'),
    `offered_at` timestamp options (description = 'When it entered the queue.'),
    `left_at` timestamp options (description = 'When it left it; NULL while it waits.'),
    `visit_seq` int64 not null options (description = 'Place among the visits of the conversation, from 1.'),
    `queue_id` string options (description = 'Queue; NULL if the source names none.'),
    `queue_name` string options (description = 'Name of the queue; names of deleted queues are kept.'),
    `media_type` string options (description = 'Medium of the session.'),
    `outcome` string not null options (description = 'What became of it: answered, abandoned, flow_out, waiting (not over yet), unknown (nothing was measured).'),
    `short_abandon` bool options (description = 'Whether it was abandoned sooner than the organisation\'s threshold; NULL where nothing was measured.'),
    `wait_time_ms` int64 options (description = 'Time waited: tAnswered, tAbandon or tFlowOut, whichever ended it.'),
    `answer_time_ms` int64 options (description = 'Queue entry to answer (tAnswered); NULL unless it was answered.'),
    `over_sla` bool options (description = 'Whether it was answered later than the queue\'s target; NULL unless it was answered.'),
    `sla_target_ms` int64 options (description = 'The queue\'s target now.'),
    `answered_by` string options (description = 'The agent who answered.'),
    `is_last` bool not null options (description = 'Whether it is the last visit of the conversation.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `participant_id`, `session_id`) not enforced
)
partition by date(`conversation_start`)
cluster by `conversation_id`, `participant_id`, `session_id`
options (
    description = 'One stay of a conversation in a queue. Figures per queue come from here.',
    labels = [('application', 'trunkline')]
);
