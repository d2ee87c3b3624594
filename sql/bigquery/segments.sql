-- Generated. Table segments: DDL and merge.
create table if not exists `segments` (
    `conversation_id` string not null options (description = 'Conversation.'),
    `participant_id` string not null options (description = 'Participant within the conversation; where the source names none, # and its position.'),
    `session_id` string not null options (description = 'Session within the participant; where the source names none, # and its position.'),
    `segment_seq` int64 not null options (description = 'Place in the session by begin, then type, then the order of the source; from 1.'),
    `started_at` timestamp options (description = 'When it began.'),
    `ended_at` timestamp options (description = 'When it ended; NULL while it runs.'),
    `segment_type` string options (description = 'alert, contacting, dialing, interact, hold, wrapup, ivr, delay …'),
    `queue_id` string options (description = 'Queue on whose account it was.'),
    `disconnect_type` string options (description = 'How it ended (peer, client, endpoint, transfer …).'),
    `wrapup_code` string options (description = 'Wrap-up code.'),
    `wrapup_note` string options (description = 'The agent\'s note.'),
    `conference` bool options (description = 'Whether it was part of a conference.'),
    `error_code` string options (description = 'Error of the medium.'),
    `subject` string options (description = 'Subject of the e-mail.'),
    `requested_language_id` string options (description = 'Language that was asked for.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`, `participant_id`, `session_id`, `segment_seq`) not enforced
)
cluster by `conversation_id`, `participant_id`, `session_id`, `segment_seq`
options (
    description = 'One stretch of a session: ringing, talking, on hold, wrapping up.',
    labels = [('application', 'trunkline')]
);
