-- Generated. Table sessions: DDL and merge.
create table if not exists "sessions" (
    "conversation_id" varchar(100) not null,
    "participant_id" varchar(100) not null,
    "session_id" varchar(100) not null,
    "position" bigint not null,
    "started_at" timestamp,
    "ended_at" timestamp,
    "media_type" varchar(50),
    "message_type" varchar(50),
    "direction" varchar(50),
    "peer_id" varchar(100),
    "provider" varchar(100),
    "remote" varchar(255),
    "ani" varchar(255),
    "dnis" varchar(255),
    "session_dnis" varchar(255),
    "address_from" varchar(255),
    "address_to" varchar(255),
    "monitored_participant_id" varchar(100),
    "coached_participant_id" varchar(100),
    "barged_participant_id" varchar(100),
    "requested_routings" varchar(255),
    "used_routing" varchar(50),
    "selected_agent_id" varchar(100),
    "callback_scheduled_at" timestamp,
    "outbound_campaign_id" varchar(100),
    "outbound_contact_id" varchar(100),
    "disposition_name" varchar(100),
    "delivery_status" varchar(50),
    "authenticated" boolean,
    "acw_skipped" boolean,
    "flow_out_type" varchar(50),
    "flow_id" varchar(100),
    "flow_name" varchar(255),
    "flow_type" varchar(50),
    "flow_version" varchar(50),
    "flow_entry_reason" varchar(255),
    "flow_exit_reason" varchar(100),
    "flow_transfer_type" varchar(50),
    "flow_transfer_target" varchar(255),
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "etl_loaded_at" timestamp,
    primary key ("conversation_id", "participant_id", "session_id")
)
diststyle key distkey("conversation_id") compound sortkey("conversation_id");

comment on table "sessions" is 'One leg of a participant on one medium, with the flow that it ran through, if any.';
comment on column "sessions"."conversation_id" is 'Conversation.';
comment on column "sessions"."participant_id" is 'Participant within the conversation; where the source names none, # and its position.';
comment on column "sessions"."session_id" is 'Session within the participant; where the source names none, # and its position.';
comment on column "sessions"."position" is 'Place among all sessions of the conversation by begin, from 1; sessions that never began are last.';
comment on column "sessions"."started_at" is 'Begin of its earliest segment.';
comment on column "sessions"."ended_at" is 'End of its last segment; NULL while one runs.';
comment on column "sessions"."media_type" is 'voice, callback, chat, email, message …';
comment on column "sessions"."message_type" is 'Kind of message.';
comment on column "sessions"."direction" is 'inbound or outbound.';
comment on column "sessions"."peer_id" is 'The session that it is connected with.';
comment on column "sessions"."provider" is 'Technical provider of the medium.';
comment on column "sessions"."remote" is 'The other side, as displayed.';
comment on column "sessions"."ani" is 'Number or address of the caller.';
comment on column "sessions"."dnis" is 'Number or address that was called.';
comment on column "sessions"."session_dnis" is 'Number called in this session; may differ after a transfer.';
comment on column "sessions"."address_from" is 'Sender.';
comment on column "sessions"."address_to" is 'Recipient.';
comment on column "sessions"."monitored_participant_id" is 'The participant who is listened to.';
comment on column "sessions"."coached_participant_id" is 'The participant who is coached.';
comment on column "sessions"."barged_participant_id" is 'The participant who is barged in on.';
comment on column "sessions"."requested_routings" is 'Kinds of routing asked for, sorted, comma-separated.';
comment on column "sessions"."used_routing" is 'Kind of routing that found the agent.';
comment on column "sessions"."selected_agent_id" is 'The agent whom predictive routing chose.';
comment on column "sessions"."callback_scheduled_at" is 'When the call back was due.';
comment on column "sessions"."outbound_campaign_id" is 'Campaign.';
comment on column "sessions"."outbound_contact_id" is 'Contact within the campaign.';
comment on column "sessions"."disposition_name" is 'How the dialler classified the call.';
comment on column "sessions"."delivery_status" is 'Fate of the message.';
comment on column "sessions"."authenticated" is 'Whether the customer was authenticated (messaging).';
comment on column "sessions"."acw_skipped" is 'Whether after-call work was skipped.';
comment on column "sessions"."flow_out_type" is 'Where a queue handed over to, where it flowed out.';
comment on column "sessions"."flow_id" is 'Flow.';
comment on column "sessions"."flow_name" is 'Name of the flow when it ran.';
comment on column "sessions"."flow_type" is 'Kind of flow (INBOUNDCALL, BOT …).';
comment on column "sessions"."flow_version" is 'Version of the flow.';
comment on column "sessions"."flow_entry_reason" is 'Why it was entered.';
comment on column "sessions"."flow_exit_reason" is 'How it was left.';
comment on column "sessions"."flow_transfer_type" is 'What it handed over to.';
comment on column "sessions"."flow_transfer_target" is 'Name of what it handed over to.';
comment on column "sessions"."source_run" is 'The run that made this version of the row.';
comment on column "sessions"."observed_at" is 'When the source was asked.';
comment on column "sessions"."etl_loaded_at" is 'When this version was written to the warehouse.';
