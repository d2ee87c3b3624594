-- Generated. Table agent_legs: DDL and merge.
create table if not exists "agent_legs" (
    "conversation_id" varchar not null,
    "participant_id" varchar not null,
    "session_id" varchar not null,
    "conversation_start" timestamp not null,
    "business_date" varchar not null,
    "business_hour" bigint,
    "started_at" timestamp,
    "ended_at" timestamp,
    "leg_seq" bigint not null,
    "user_id" varchar not null,
    "agent_name" varchar,
    "queue_id" varchar,
    "queue_name" varchar,
    "media_type" varchar,
    "direction" varchar,
    "answered" boolean not null,
    "not_responding" boolean not null,
    "is_last_answered" boolean not null,
    "alert_time_ms" bigint,
    "contacting_time_ms" bigint,
    "dialing_time_ms" bigint,
    "talk_time_ms" bigint,
    "hold_time_ms" bigint,
    "acw_time_ms" bigint,
    "handle_time_ms" bigint,
    "handle_count" bigint,
    "answer_time_ms" bigint,
    "transfer_count" bigint,
    "blind_transfer_count" bigint,
    "consult_transfer_count" bigint,
    "consult_count" bigint,
    "wrapup_code" varchar,
    "wrapup_name" varchar,
    "disconnect_type" varchar,
    "source_run" varchar not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp
);

comment on table "agent_legs" is 'One session of an agent who had to do with the customer: answered or not, supervisors who listen in left out. Figures per agent come from here. Milliseconds are sums of the session''s own metrics; NULL where it has none of that kind.';
comment on column "agent_legs"."conversation_id" is 'Conversation.';
comment on column "agent_legs"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "agent_legs"."session_id" is 'Session within the participant; where the source names none, # and its position.';
comment on column "agent_legs"."conversation_start" is 'When the conversation began.';
comment on column "agent_legs"."business_date" is 'Day on which the leg began in the organisation''s time zone, YYYY-MM-DD; the conversation''s where it has no begin.';
comment on column "agent_legs"."business_hour" is 'Hour of that day, 0 to 23, in the organisation''s time zone; NULL where the leg has no begin.';
comment on column "agent_legs"."started_at" is 'Begin of the leg.';
comment on column "agent_legs"."ended_at" is 'End of the leg; NULL while it runs.';
comment on column "agent_legs"."leg_seq" is 'Place among the agent legs of the conversation, from 1.';
comment on column "agent_legs"."user_id" is 'The agent.';
comment on column "agent_legs"."agent_name" is 'Name of the agent; names of leavers are kept.';
comment on column "agent_legs"."queue_id" is 'Queue on whose account he was asked.';
comment on column "agent_legs"."queue_name" is 'Name of the queue; names of deleted queues are kept.';
comment on column "agent_legs"."media_type" is 'Medium of the session.';
comment on column "agent_legs"."direction" is 'inbound or outbound.';
comment on column "agent_legs"."answered" is 'Whether he came on the line.';
comment on column "agent_legs"."not_responding" is 'Whether it rang in vain.';
comment on column "agent_legs"."is_last_answered" is 'Whether it is the last answered leg: the one that agent_id and queue_id of unified_interactions come from.';
comment on column "agent_legs"."alert_time_ms" is 'Σ tAlert.';
comment on column "agent_legs"."contacting_time_ms" is 'Σ tContacting.';
comment on column "agent_legs"."dialing_time_ms" is 'Σ tDialing.';
comment on column "agent_legs"."talk_time_ms" is 'Σ tTalkComplete, else Σ tTalk.';
comment on column "agent_legs"."hold_time_ms" is 'Σ tHeldComplete, else Σ tHeld.';
comment on column "agent_legs"."acw_time_ms" is 'Σ tAcw.';
comment on column "agent_legs"."handle_time_ms" is 'Σ tHandle.';
comment on column "agent_legs"."handle_count" is 'Number of tHandle; NULL without any metric.';
comment on column "agent_legs"."answer_time_ms" is 'Σ tAnswered: the wait that this answer ended.';
comment on column "agent_legs"."transfer_count" is 'Σ nTransferred; NULL without any metric.';
comment on column "agent_legs"."blind_transfer_count" is 'Σ nBlindTransferred; NULL without any metric.';
comment on column "agent_legs"."consult_transfer_count" is 'Σ nConsultTransferred; NULL without any metric.';
comment on column "agent_legs"."consult_count" is 'Σ nConsult; NULL without any metric.';
comment on column "agent_legs"."wrapup_code" is 'Wrap-up code.';
comment on column "agent_legs"."wrapup_name" is 'Name of the code; system codes have none.';
comment on column "agent_legs"."disconnect_type" is 'How the leg ended.';
comment on column "agent_legs"."source_run" is 'The run that made this version of the row.';
comment on column "agent_legs"."observed_at" is 'When the source was asked.';
comment on column "agent_legs"."etl_loaded_at" is 'When this version was written to the warehouse.';
