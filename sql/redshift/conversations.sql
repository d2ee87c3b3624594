-- Generated. Table conversations: DDL and merge.
create table if not exists "conversations" (
    "conversation_id" varchar(100) not null,
    "conversation_start" timestamp not null,
    "conversation_end" timestamp,
    "is_open" boolean not null,
    "business_date" varchar(10) not null,
    "conference_start" timestamp,
    "originating_direction" varchar(50),
    "initiator" varchar(50),
    "customer_participation" boolean,
    "external_tag" varchar(255),
    "self_served" boolean,
    "min_mos" double precision,
    "min_r_factor" double precision,
    "children_hash" varchar(32),
    "source_run" varchar(100) not null,
    "observed_at" timestamp not null,
    "row_hash" varchar(32) not null,
    "etl_loaded_at" timestamp,
    primary key ("conversation_id")
)
diststyle key distkey("conversation_id") compound sortkey("conversation_start", "conversation_id");

comment on table "conversations" is 'One conversation as the contact centre tells it, without customer and without what is derived: those are in unified_interactions.';
comment on column "conversations"."conversation_id" is 'Identifies the conversation within the contact centre.';
comment on column "conversations"."conversation_start" is 'When it began.';
comment on column "conversations"."conversation_end" is 'When it ended, after-call work included; NULL while it is open.';
comment on column "conversations"."is_open" is 'Whether it had not ended when it was read.';
comment on column "conversations"."business_date" is 'Day on which it began in the organisation''s time zone, YYYY-MM-DD.';
comment on column "conversations"."conference_start" is 'When it became a conference.';
comment on column "conversations"."originating_direction" is 'inbound or outbound.';
comment on column "conversations"."initiator" is 'Purpose of the participant who began it (messaging).';
comment on column "conversations"."customer_participation" is 'Whether the customer sent at least one message (messaging).';
comment on column "conversations"."external_tag" is 'The organisation''s own mark.';
comment on column "conversations"."self_served" is 'Whether every flow session was self-served.';
comment on column "conversations"."min_mos" is 'Lowest mean opinion score of its media (1 to 5).';
comment on column "conversations"."min_r_factor" is 'Lowest R-factor of its media.';
comment on column "conversations"."children_hash" is 'Hash of all rows of the tree below it.';
comment on column "conversations"."source_run" is 'The run that made this version of the row.';
comment on column "conversations"."observed_at" is 'When the source was asked.';
comment on column "conversations"."row_hash" is '128-bit hash of all columns that tell of the world.';
comment on column "conversations"."etl_loaded_at" is 'When this version was written to the warehouse.';

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
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by "conversation_id" order by "observed_at" desc, batch_file desc, batch_row desc) as version
    from trunkline_batch
)
select
    received."conversation_id",
    received.batch_file,
    received.batch_row,
    received."observed_at",
    case
        when present."conversation_id" is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join "conversations" as present
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

-- delete
delete from "conversations"
using merge_plan
where "conversations"."conversation_id" = merge_plan."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- insert
insert into "conversations" (
    "conversation_id",
    "conversation_start",
    "conversation_end",
    "is_open",
    "business_date",
    "conference_start",
    "originating_direction",
    "initiator",
    "customer_participation",
    "external_tag",
    "self_served",
    "min_mos",
    "min_r_factor",
    "children_hash",
    "source_run",
    "observed_at",
    "row_hash",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."conversation_start",
    batch."conversation_end",
    batch."is_open",
    batch."business_date",
    batch."conference_start",
    batch."originating_direction",
    batch."initiator",
    batch."customer_participation",
    batch."external_tag",
    batch."self_served",
    batch."min_mos",
    batch."min_r_factor",
    batch."children_hash",
    batch."source_run",
    batch."observed_at",
    batch."row_hash",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

-- conversation_divisions: received
select count(*)
from trunkline_batch;

-- conversation_divisions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- conversation_divisions: delete
delete from "conversation_divisions"
using merge_plan
where merge_plan."conversation_id" = "conversation_divisions"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- conversation_divisions: insert
insert into "conversation_divisions" (
    "conversation_id",
    "division_id",
    "position",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."division_id",
    batch."position",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- participants: received
select count(*)
from trunkline_batch;

-- participants: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- participants: delete
delete from "participants"
using merge_plan
where merge_plan."conversation_id" = "participants"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- participants: insert
insert into "participants" (
    "conversation_id",
    "participant_id",
    "position",
    "purpose",
    "name",
    "user_id",
    "team_id",
    "external_contact_id",
    "external_organization_id",
    "flagged_reason",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."position",
    batch."purpose",
    batch."name",
    batch."user_id",
    batch."team_id",
    batch."external_contact_id",
    batch."external_organization_id",
    batch."flagged_reason",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- participant_attributes: received
select count(*)
from trunkline_batch;

-- participant_attributes: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- participant_attributes: delete
delete from "participant_attributes"
using merge_plan
where merge_plan."conversation_id" = "participant_attributes"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- participant_attributes: insert
insert into "participant_attributes" (
    "conversation_id",
    "participant_id",
    "name",
    "value",
    "value_truncated",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."name",
    batch."value",
    batch."value_truncated",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- sessions: received
select count(*)
from trunkline_batch;

-- sessions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- sessions: delete
delete from "sessions"
using merge_plan
where merge_plan."conversation_id" = "sessions"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- sessions: insert
insert into "sessions" (
    "conversation_id",
    "participant_id",
    "session_id",
    "position",
    "started_at",
    "ended_at",
    "media_type",
    "message_type",
    "direction",
    "peer_id",
    "provider",
    "remote",
    "ani",
    "dnis",
    "session_dnis",
    "address_from",
    "address_to",
    "monitored_participant_id",
    "coached_participant_id",
    "barged_participant_id",
    "requested_routings",
    "used_routing",
    "selected_agent_id",
    "callback_scheduled_at",
    "outbound_campaign_id",
    "outbound_contact_id",
    "disposition_name",
    "delivery_status",
    "authenticated",
    "acw_skipped",
    "flow_out_type",
    "flow_id",
    "flow_name",
    "flow_type",
    "flow_version",
    "flow_entry_reason",
    "flow_exit_reason",
    "flow_transfer_type",
    "flow_transfer_target",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."session_id",
    batch."position",
    batch."started_at",
    batch."ended_at",
    batch."media_type",
    batch."message_type",
    batch."direction",
    batch."peer_id",
    batch."provider",
    batch."remote",
    batch."ani",
    batch."dnis",
    batch."session_dnis",
    batch."address_from",
    batch."address_to",
    batch."monitored_participant_id",
    batch."coached_participant_id",
    batch."barged_participant_id",
    batch."requested_routings",
    batch."used_routing",
    batch."selected_agent_id",
    batch."callback_scheduled_at",
    batch."outbound_campaign_id",
    batch."outbound_contact_id",
    batch."disposition_name",
    batch."delivery_status",
    batch."authenticated",
    batch."acw_skipped",
    batch."flow_out_type",
    batch."flow_id",
    batch."flow_name",
    batch."flow_type",
    batch."flow_version",
    batch."flow_entry_reason",
    batch."flow_exit_reason",
    batch."flow_transfer_type",
    batch."flow_transfer_target",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- segments: received
select count(*)
from trunkline_batch;

-- segments: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- segments: delete
delete from "segments"
using merge_plan
where merge_plan."conversation_id" = "segments"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- segments: insert
insert into "segments" (
    "conversation_id",
    "participant_id",
    "session_id",
    "segment_seq",
    "started_at",
    "ended_at",
    "segment_type",
    "queue_id",
    "disconnect_type",
    "wrapup_code",
    "wrapup_note",
    "conference",
    "error_code",
    "subject",
    "requested_language_id",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."session_id",
    batch."segment_seq",
    batch."started_at",
    batch."ended_at",
    batch."segment_type",
    batch."queue_id",
    batch."disconnect_type",
    batch."wrapup_code",
    batch."wrapup_note",
    batch."conference",
    batch."error_code",
    batch."subject",
    batch."requested_language_id",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- session_metrics: received
select count(*)
from trunkline_batch;

-- session_metrics: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- session_metrics: delete
delete from "session_metrics"
using merge_plan
where merge_plan."conversation_id" = "session_metrics"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- session_metrics: insert
insert into "session_metrics" (
    "conversation_id",
    "participant_id",
    "session_id",
    "metric_seq",
    "name",
    "value",
    "emitted_at",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."session_id",
    batch."metric_seq",
    batch."name",
    batch."value",
    batch."emitted_at",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- flow_outcomes: received
select count(*)
from trunkline_batch;

-- flow_outcomes: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- flow_outcomes: delete
delete from "flow_outcomes"
using merge_plan
where merge_plan."conversation_id" = "flow_outcomes"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- flow_outcomes: insert
insert into "flow_outcomes" (
    "conversation_id",
    "participant_id",
    "session_id",
    "outcome_seq",
    "flow_outcome_id",
    "outcome_value",
    "started_at",
    "ended_at",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."session_id",
    batch."outcome_seq",
    batch."flow_outcome_id",
    batch."outcome_value",
    batch."started_at",
    batch."ended_at",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- evaluations: received
select count(*)
from trunkline_batch;

-- evaluations: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- evaluations: delete
delete from "evaluations"
using merge_plan
where merge_plan."conversation_id" = "evaluations"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- evaluations: insert
insert into "evaluations" (
    "conversation_id",
    "evaluation_id",
    "status",
    "event_time",
    "user_id",
    "evaluator_id",
    "assignee_id",
    "queue_id",
    "form_id",
    "form_name",
    "context_id",
    "calibration_id",
    "released",
    "rescored",
    "deleted",
    "total_score",
    "total_critical_score",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."evaluation_id",
    batch."status",
    batch."event_time",
    batch."user_id",
    batch."evaluator_id",
    batch."assignee_id",
    batch."queue_id",
    batch."form_id",
    batch."form_name",
    batch."context_id",
    batch."calibration_id",
    batch."released",
    batch."rescored",
    batch."deleted",
    batch."total_score",
    batch."total_critical_score",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- surveys: received
select count(*)
from trunkline_batch;

-- surveys: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- surveys: delete
delete from "surveys"
using merge_plan
where merge_plan."conversation_id" = "surveys"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- surveys: insert
insert into "surveys" (
    "conversation_id",
    "survey_id",
    "status",
    "survey_type",
    "event_time",
    "completed_at",
    "is_partial",
    "user_id",
    "queue_id",
    "form_id",
    "form_context_id",
    "form_name",
    "promoter_score",
    "total_score",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."survey_id",
    batch."status",
    batch."survey_type",
    batch."event_time",
    batch."completed_at",
    batch."is_partial",
    batch."user_id",
    batch."queue_id",
    batch."form_id",
    batch."form_context_id",
    batch."form_name",
    batch."promoter_score",
    batch."total_score",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- resolutions: received
select count(*)
from trunkline_batch;

-- resolutions: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- resolutions: delete
delete from "resolutions"
using merge_plan
where merge_plan."conversation_id" = "resolutions"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- resolutions: insert
insert into "resolutions" (
    "conversation_id",
    "resolution_seq",
    "event_time",
    "queue_id",
    "user_id",
    "next_contact_avoided",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."resolution_seq",
    batch."event_time",
    batch."queue_id",
    batch."user_id",
    batch."next_contact_avoided",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- agent_legs: received
select count(*)
from trunkline_batch;

-- agent_legs: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- agent_legs: delete
delete from "agent_legs"
using merge_plan
where merge_plan."conversation_id" = "agent_legs"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- agent_legs: insert
insert into "agent_legs" (
    "conversation_id",
    "participant_id",
    "session_id",
    "conversation_start",
    "business_date",
    "business_hour",
    "started_at",
    "ended_at",
    "leg_seq",
    "user_id",
    "agent_name",
    "queue_id",
    "queue_name",
    "media_type",
    "direction",
    "answered",
    "not_responding",
    "is_last_answered",
    "alert_time_ms",
    "contacting_time_ms",
    "dialing_time_ms",
    "talk_time_ms",
    "hold_time_ms",
    "acw_time_ms",
    "handle_time_ms",
    "handle_count",
    "answer_time_ms",
    "transfer_count",
    "blind_transfer_count",
    "consult_transfer_count",
    "consult_count",
    "wrapup_code",
    "wrapup_name",
    "disconnect_type",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."session_id",
    batch."conversation_start",
    batch."business_date",
    batch."business_hour",
    batch."started_at",
    batch."ended_at",
    batch."leg_seq",
    batch."user_id",
    batch."agent_name",
    batch."queue_id",
    batch."queue_name",
    batch."media_type",
    batch."direction",
    batch."answered",
    batch."not_responding",
    batch."is_last_answered",
    batch."alert_time_ms",
    batch."contacting_time_ms",
    batch."dialing_time_ms",
    batch."talk_time_ms",
    batch."hold_time_ms",
    batch."acw_time_ms",
    batch."handle_time_ms",
    batch."handle_count",
    batch."answer_time_ms",
    batch."transfer_count",
    batch."blind_transfer_count",
    batch."consult_transfer_count",
    batch."consult_count",
    batch."wrapup_code",
    batch."wrapup_name",
    batch."disconnect_type",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- queue_visits: received
select count(*)
from trunkline_batch;

-- queue_visits: count
select
    count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
    count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when merge_plan.action is null then 1 end) as orphans
from trunkline_batch as batch
left join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id";

-- queue_visits: delete
delete from "queue_visits"
using merge_plan
where merge_plan."conversation_id" = "queue_visits"."conversation_id"
    and merge_plan.action in ('update', 'settle');

-- queue_visits: insert
insert into "queue_visits" (
    "conversation_id",
    "participant_id",
    "session_id",
    "conversation_start",
    "business_date",
    "business_hour",
    "offered_at",
    "left_at",
    "visit_seq",
    "queue_id",
    "queue_name",
    "media_type",
    "outcome",
    "short_abandon",
    "wait_time_ms",
    "answer_time_ms",
    "over_sla",
    "sla_target_ms",
    "answered_by",
    "is_last",
    "source_run",
    "observed_at",
    "etl_loaded_at"
)
select
    batch."conversation_id",
    batch."participant_id",
    batch."session_id",
    batch."conversation_start",
    batch."business_date",
    batch."business_hour",
    batch."offered_at",
    batch."left_at",
    batch."visit_seq",
    batch."queue_id",
    batch."queue_name",
    batch."media_type",
    batch."outcome",
    batch."short_abandon",
    batch."wait_time_ms",
    batch."answer_time_ms",
    batch."over_sla",
    batch."sla_target_ms",
    batch."answered_by",
    batch."is_last",
    batch."source_run",
    batch."observed_at",
    (select cast(max(value) as timestamp) from trunkline_parameters where name = 'loaded_at')
from trunkline_batch as batch
join merge_plan
    on merge_plan."conversation_id" = batch."conversation_id"
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

-- drop
drop table merge_plan;
