-- Generated. What the role supervisor may read: nothing of the class revenue.
do $$
begin
    if not exists (select from pg_roles where rolname = 'trunkline_supervisor') then
        create role "trunkline_supervisor" nologin;
    end if;
end $$;

revoke all on
    "public"."unified_interactions",
    "public"."unified_interaction_changes",
    "public"."crm_accounts",
    "public"."crm_account_versions",
    "public"."crm_account_history",
    "public"."crm_cases",
    "public"."crm_opportunities",
    "public"."crm_users",
    "public"."conversations",
    "public"."conversation_divisions",
    "public"."participants",
    "public"."participant_attributes",
    "public"."sessions",
    "public"."segments",
    "public"."session_metrics",
    "public"."flow_outcomes",
    "public"."evaluations",
    "public"."surveys",
    "public"."resolutions",
    "public"."agent_legs",
    "public"."queue_visits",
    "public"."users",
    "public"."queues",
    "public"."wrapup_codes",
    "public"."divisions",
    "public"."flows",
    "public"."source_aggregates",
    "public"."releases",
    "public"."kpi_settings",
    "public"."trusst_contacts",
    "public"."trusst_answers",
    "public"."trusst_questions",
    "public"."etl_runs",
    "public"."etl_commits",
    "public"."etl_rejects",
    "public"."etl_watermarks",
    "public"."etl_checks",
    "public"."etl_leases",
    "public"."etl_publications"
from public, "trunkline_supervisor";

grant usage on schema "public" to "trunkline_supervisor";

create or replace view "public"."supervisor_unified_interactions" as
select
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
    "first_seen_at",
    "last_changed_at",
    "restated_at"
from "public"."unified_interactions";

grant select ("conversation_id", "conversation_start", "conversation_end", "duration_ms", "queue_id", "queue_name", "media_type", "agent_id", "agent_name", "handle_time_ms", "acw_time_ms", "abandoned", "transferred", "qa_score", "csat_score", "crm_account_id", "crm_case_id", "customer_tier", "account_owner", "case_category", "was_escalated", "handled_by_bot_only", "etl_loaded_at", "data_source", "business_date", "customer_tier_at_contact", "crm_account_name", "industry", "open_case_count", "crm_match_method", "crm_id_status", "crm_account_id_given", "finality", "is_open", "direction", "media_types", "message_type", "has_callback", "first_queue_id", "last_queue_id", "queue_count", "first_agent_id", "agent_count", "agent_legs_not_responding", "handle_count", "time_source", "talk_time_ms", "hold_time_ms", "wait_time_ms", "answer_time_ms", "customer_duration_ms", "offered_count", "answered_count", "abandoned_count", "flow_out_count", "over_sla_count", "within_service_level", "abandoned_before_answer", "short_abandon", "transfer_count", "blind_transferred", "consult_transferred", "disconnect_type", "ended_by", "wrapup_code", "wrapup_name", "bot_present", "self_served", "flow_disconnect", "flow_id", "flow_name", "was_escalated_source", "nps", "survey_partial", "survey_id", "evaluation_id", "division_id", "external_contact_id", "question_count", "answered_question_count", "source_run", "observed_at", "first_seen_at", "last_changed_at", "restated_at") on "public"."supervisor_unified_interactions" to "trunkline_supervisor";

create or replace view "public"."supervisor_crm_accounts" as
select
    "account_id",
    "name",
    "type",
    "industry",
    "customer_tier",
    "owner_id",
    "owner_name",
    "parent_id",
    "master_account_id",
    "is_deleted",
    "created_at",
    "modified_at",
    "source_run",
    "observed_at",
    "first_seen_at",
    "etl_loaded_at"
from "public"."crm_accounts";

grant select ("account_id", "name", "type", "industry", "customer_tier", "owner_id", "owner_name", "parent_id", "master_account_id", "is_deleted", "created_at", "modified_at", "source_run", "observed_at", "first_seen_at", "etl_loaded_at") on "public"."supervisor_crm_accounts" to "trunkline_supervisor";

create or replace view "public"."supervisor_crm_account_versions" as
select
    "account_id",
    "valid_from",
    "valid_to",
    "customer_tier",
    "industry",
    "owner_name",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."crm_account_versions";

grant select ("account_id", "valid_from", "valid_to", "customer_tier", "industry", "owner_name", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_crm_account_versions" to "trunkline_supervisor";

create or replace view "public"."supervisor_crm_account_history" as
select
    "history_id",
    "account_id",
    "changed_at",
    "field",
    "old_value",
    "new_value",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."crm_account_history";

grant select ("history_id", "account_id", "changed_at", "field", "old_value", "new_value", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_crm_account_history" to "trunkline_supervisor";

create or replace view "public"."supervisor_crm_cases" as
select
    "case_id",
    "account_id",
    "category",
    "status",
    "priority",
    "is_closed",
    "is_deleted",
    "created_at",
    "closed_at",
    "modified_at",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."crm_cases";

grant select ("case_id", "account_id", "category", "status", "priority", "is_closed", "is_deleted", "created_at", "closed_at", "modified_at", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_crm_cases" to "trunkline_supervisor";

create or replace view "public"."supervisor_crm_opportunities" as
select
    "opportunity_id",
    "account_id",
    "is_deleted",
    "created_at",
    "modified_at",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."crm_opportunities";

grant select ("opportunity_id", "account_id", "is_deleted", "created_at", "modified_at", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_crm_opportunities" to "trunkline_supervisor";

create or replace view "public"."supervisor_crm_users" as
select
    "user_id",
    "name",
    "is_active",
    "is_deleted",
    "modified_at",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."crm_users";

grant select ("user_id", "name", "is_active", "is_deleted", "modified_at", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_crm_users" to "trunkline_supervisor";

create or replace view "public"."supervisor_conversations" as
select
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
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."conversations";

grant select ("conversation_id", "conversation_start", "conversation_end", "is_open", "business_date", "conference_start", "originating_direction", "initiator", "customer_participation", "external_tag", "self_served", "min_mos", "min_r_factor", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_conversations" to "trunkline_supervisor";

create or replace view "public"."supervisor_conversation_divisions" as
select
    "conversation_id",
    "division_id",
    "position",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."conversation_divisions";

grant select ("conversation_id", "division_id", "position", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_conversation_divisions" to "trunkline_supervisor";

create or replace view "public"."supervisor_participants" as
select
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
from "public"."participants";

grant select ("conversation_id", "participant_id", "position", "purpose", "name", "user_id", "team_id", "external_contact_id", "external_organization_id", "flagged_reason", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_participants" to "trunkline_supervisor";

create or replace view "public"."supervisor_participant_attributes" as
select
    "conversation_id",
    "participant_id",
    "name",
    "value_truncated",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."participant_attributes";

grant select ("conversation_id", "participant_id", "name", "value_truncated", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_participant_attributes" to "trunkline_supervisor";

create or replace view "public"."supervisor_sessions" as
select
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
from "public"."sessions";

grant select ("conversation_id", "participant_id", "session_id", "position", "started_at", "ended_at", "media_type", "message_type", "direction", "peer_id", "provider", "remote", "ani", "dnis", "session_dnis", "address_from", "address_to", "monitored_participant_id", "coached_participant_id", "barged_participant_id", "requested_routings", "used_routing", "selected_agent_id", "callback_scheduled_at", "outbound_campaign_id", "outbound_contact_id", "disposition_name", "delivery_status", "authenticated", "acw_skipped", "flow_out_type", "flow_id", "flow_name", "flow_type", "flow_version", "flow_entry_reason", "flow_exit_reason", "flow_transfer_type", "flow_transfer_target", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_sessions" to "trunkline_supervisor";

create or replace view "public"."supervisor_segments" as
select
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
from "public"."segments";

grant select ("conversation_id", "participant_id", "session_id", "segment_seq", "started_at", "ended_at", "segment_type", "queue_id", "disconnect_type", "wrapup_code", "wrapup_note", "conference", "error_code", "subject", "requested_language_id", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_segments" to "trunkline_supervisor";

create or replace view "public"."supervisor_session_metrics" as
select
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
from "public"."session_metrics";

grant select ("conversation_id", "participant_id", "session_id", "metric_seq", "name", "value", "emitted_at", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_session_metrics" to "trunkline_supervisor";

create or replace view "public"."supervisor_flow_outcomes" as
select
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
from "public"."flow_outcomes";

grant select ("conversation_id", "participant_id", "session_id", "outcome_seq", "flow_outcome_id", "outcome_value", "started_at", "ended_at", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_flow_outcomes" to "trunkline_supervisor";

create or replace view "public"."supervisor_evaluations" as
select
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
from "public"."evaluations";

grant select ("conversation_id", "evaluation_id", "status", "event_time", "user_id", "evaluator_id", "assignee_id", "queue_id", "form_id", "form_name", "context_id", "calibration_id", "released", "rescored", "deleted", "total_score", "total_critical_score", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_evaluations" to "trunkline_supervisor";

create or replace view "public"."supervisor_surveys" as
select
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
from "public"."surveys";

grant select ("conversation_id", "survey_id", "status", "survey_type", "event_time", "completed_at", "is_partial", "user_id", "queue_id", "form_id", "form_context_id", "form_name", "promoter_score", "total_score", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_surveys" to "trunkline_supervisor";

create or replace view "public"."supervisor_resolutions" as
select
    "conversation_id",
    "resolution_seq",
    "event_time",
    "queue_id",
    "user_id",
    "next_contact_avoided",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."resolutions";

grant select ("conversation_id", "resolution_seq", "event_time", "queue_id", "user_id", "next_contact_avoided", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_resolutions" to "trunkline_supervisor";

create or replace view "public"."supervisor_agent_legs" as
select
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
from "public"."agent_legs";

grant select ("conversation_id", "participant_id", "session_id", "conversation_start", "business_date", "business_hour", "started_at", "ended_at", "leg_seq", "user_id", "agent_name", "queue_id", "queue_name", "media_type", "direction", "answered", "not_responding", "is_last_answered", "alert_time_ms", "contacting_time_ms", "dialing_time_ms", "talk_time_ms", "hold_time_ms", "acw_time_ms", "handle_time_ms", "handle_count", "answer_time_ms", "transfer_count", "blind_transfer_count", "consult_transfer_count", "consult_count", "wrapup_code", "wrapup_name", "disconnect_type", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_agent_legs" to "trunkline_supervisor";

create or replace view "public"."supervisor_queue_visits" as
select
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
from "public"."queue_visits";

grant select ("conversation_id", "participant_id", "session_id", "conversation_start", "business_date", "business_hour", "offered_at", "left_at", "visit_seq", "queue_id", "queue_name", "media_type", "outcome", "short_abandon", "wait_time_ms", "answer_time_ms", "over_sla", "sla_target_ms", "answered_by", "is_last", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_queue_visits" to "trunkline_supervisor";

create or replace view "public"."supervisor_users" as
select
    "user_id",
    "name",
    "email",
    "department",
    "title",
    "state",
    "division_id",
    "is_listed",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."users";

grant select ("user_id", "name", "email", "department", "title", "state", "division_id", "is_listed", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_users" to "trunkline_supervisor";

create or replace view "public"."supervisor_queues" as
select
    "queue_id",
    "name",
    "division_id",
    "sla_share",
    "sla_target_ms",
    "is_listed",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."queues";

grant select ("queue_id", "name", "division_id", "sla_share", "sla_target_ms", "is_listed", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_queues" to "trunkline_supervisor";

create or replace view "public"."supervisor_wrapup_codes" as
select
    "wrapup_code_id",
    "name",
    "division_id",
    "is_listed",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."wrapup_codes";

grant select ("wrapup_code_id", "name", "division_id", "is_listed", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_wrapup_codes" to "trunkline_supervisor";

create or replace view "public"."supervisor_divisions" as
select
    "division_id",
    "name",
    "description",
    "is_home",
    "is_listed",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."divisions";

grant select ("division_id", "name", "description", "is_home", "is_listed", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_divisions" to "trunkline_supervisor";

create or replace view "public"."supervisor_flows" as
select
    "flow_id",
    "name",
    "flow_type",
    "division_id",
    "is_listed",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."flows";

grant select ("flow_id", "name", "flow_type", "division_id", "is_listed", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_flows" to "trunkline_supervisor";

create or replace view "public"."supervisor_source_aggregates" as
select
    "interval_start",
    "interval_end",
    "queue_id",
    "media_type",
    "metric",
    "count",
    "sum",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."source_aggregates";

grant select ("interval_start", "interval_end", "queue_id", "media_type", "metric", "count", "sum", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_source_aggregates" to "trunkline_supervisor";

create or replace view "public"."supervisor_releases" as
select
    "product",
    "release",
    "released_on",
    "note",
    "is_deleted",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."releases";

grant select ("product", "release", "released_on", "note", "is_deleted", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_releases" to "trunkline_supervisor";

create or replace view "public"."supervisor_kpi_settings" as
select
    "name",
    "value",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."kpi_settings";

grant select ("name", "value", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_kpi_settings" to "trunkline_supervisor";

create or replace view "public"."supervisor_trusst_contacts" as
select
    "contact_id",
    "conversation_id",
    "stream_id",
    "stream_name",
    "stream_type",
    "external_id",
    "conn_id",
    "s3_conversation_id",
    "s3_row_count",
    "stage",
    "direction",
    "start_time",
    "call_time",
    "agent_id",
    "s3_agent_id",
    "question_count",
    "answered_question_count",
    "unconverted_count",
    "created_at",
    "effective_at",
    "is_deleted",
    "source_run",
    "observed_at",
    "first_seen_at",
    "etl_loaded_at"
from "public"."trusst_contacts";

grant select ("contact_id", "conversation_id", "stream_id", "stream_name", "stream_type", "external_id", "conn_id", "s3_conversation_id", "s3_row_count", "stage", "direction", "start_time", "call_time", "agent_id", "s3_agent_id", "question_count", "answered_question_count", "unconverted_count", "created_at", "effective_at", "is_deleted", "source_run", "observed_at", "first_seen_at", "etl_loaded_at") on "public"."supervisor_trusst_contacts" to "trunkline_supervisor";

create or replace view "public"."supervisor_trusst_answers" as
select
    "contact_id",
    "question_id",
    "question_key",
    "question_group",
    "result_type",
    "result",
    "number",
    "truth",
    "conversion_status",
    "inference_id",
    "created_at",
    "updated_at",
    "effective_at",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."trusst_answers";

grant select ("contact_id", "question_id", "question_key", "question_group", "result_type", "result", "number", "truth", "conversion_status", "inference_id", "created_at", "updated_at", "effective_at", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_trusst_answers" to "trunkline_supervisor";

create or replace view "public"."supervisor_trusst_questions" as
select
    "question_id",
    "question_key",
    "question_text",
    "result_type",
    "is_universal",
    "is_scored",
    "question_group",
    "created_at",
    "is_listed",
    "shares_key",
    "source_run",
    "observed_at",
    "etl_loaded_at"
from "public"."trusst_questions";

grant select ("question_id", "question_key", "question_text", "result_type", "is_universal", "is_scored", "question_group", "created_at", "is_listed", "shares_key", "source_run", "observed_at", "etl_loaded_at") on "public"."supervisor_trusst_questions" to "trunkline_supervisor";

create or replace view "public"."supervisor_etl_publications" as
select
    "view_name",
    "state",
    "run_id",
    "published_at",
    "reason"
from "public"."etl_publications";

grant select ("view_name", "state", "run_id", "published_at", "reason") on "public"."supervisor_etl_publications" to "trunkline_supervisor";

create or replace view "public"."supervisor_agent_performance_daily" as
select
    "business_date",
    "user_id",
    "agent_name",
    "queue_id",
    "queue_name",
    "media_type",
    "legs",
    "answered_legs",
    "not_responding_legs",
    "not_responding_rate_pct",
    "alert_time_ms",
    "handle_count",
    "handle_time_ms",
    "average_handle_time_ms",
    "talk_time_ms",
    "hold_time_ms",
    "held_legs",
    "average_hold_time_ms",
    "acw_time_ms",
    "average_acw_time_ms",
    "measured_legs",
    "transferred_legs",
    "blind_transferred_legs",
    "consult_transferred_legs",
    "transfer_rate_pct"
from "public"."agent_performance_daily";

grant select ("business_date", "user_id", "agent_name", "queue_id", "queue_name", "media_type", "legs", "answered_legs", "not_responding_legs", "not_responding_rate_pct", "alert_time_ms", "handle_count", "handle_time_ms", "average_handle_time_ms", "talk_time_ms", "hold_time_ms", "held_legs", "average_hold_time_ms", "acw_time_ms", "average_acw_time_ms", "measured_legs", "transferred_legs", "blind_transferred_legs", "consult_transferred_legs", "transfer_rate_pct") on "public"."supervisor_agent_performance_daily" to "trunkline_supervisor";

create or replace view "public"."supervisor_bot_containment_by_industry" as
select
    "industry",
    "total_contacts",
    "bot_contacts",
    "contained_contacts",
    "containment_rate_pct"
from "public"."bot_containment_by_industry";

grant select ("industry", "total_contacts", "bot_contacts", "contained_contacts", "containment_rate_pct") on "public"."supervisor_bot_containment_by_industry" to "trunkline_supervisor";

create or replace view "public"."supervisor_case_resolution_by_tier" as
select
    "customer_tier",
    "total_cases",
    "known_cases",
    "closed_cases",
    "resolution_rate_pct",
    "timed_cases",
    "resolution_hours",
    "average_resolution_hours"
from "public"."case_resolution_by_tier";

grant select ("customer_tier", "total_cases", "known_cases", "closed_cases", "resolution_rate_pct", "timed_cases", "resolution_hours", "average_resolution_hours") on "public"."supervisor_case_resolution_by_tier" to "trunkline_supervisor";

create or replace view "public"."supervisor_contact_kpis_daily" as
select
    "business_date",
    "media_type",
    "customer_tier",
    "industry",
    "contacts",
    "handle_count",
    "handle_time_ms",
    "average_handle_time_ms",
    "acw_time_ms",
    "average_acw_time_ms",
    "hold_time_ms",
    "held_contacts",
    "average_hold_time_ms",
    "answered_count",
    "answer_time_ms",
    "average_speed_of_answer_ms",
    "offered_contacts",
    "abandoned_contacts",
    "short_abandoned_contacts",
    "abandon_rate_pct",
    "handled_contacts",
    "transferred_contacts",
    "blind_transferred_contacts",
    "consult_transferred_contacts",
    "transfer_rate_pct",
    "bot_contacts",
    "contained_contacts",
    "containment_rate_pct",
    "known_contacts",
    "escalated_contacts",
    "escalation_rate_pct",
    "repeat_base",
    "repeat_contacts",
    "repeat_rate_pct",
    "csat_count",
    "csat_sum",
    "average_csat",
    "nps_count",
    "promoters",
    "detractors",
    "net_promoter_score",
    "qa_count",
    "qa_sum",
    "average_qa"
from "public"."contact_kpis_daily";

grant select ("business_date", "media_type", "customer_tier", "industry", "contacts", "handle_count", "handle_time_ms", "average_handle_time_ms", "acw_time_ms", "average_acw_time_ms", "hold_time_ms", "held_contacts", "average_hold_time_ms", "answered_count", "answer_time_ms", "average_speed_of_answer_ms", "offered_contacts", "abandoned_contacts", "short_abandoned_contacts", "abandon_rate_pct", "handled_contacts", "transferred_contacts", "blind_transferred_contacts", "consult_transferred_contacts", "transfer_rate_pct", "bot_contacts", "contained_contacts", "containment_rate_pct", "known_contacts", "escalated_contacts", "escalation_rate_pct", "repeat_base", "repeat_contacts", "repeat_rate_pct", "csat_count", "csat_sum", "average_csat", "nps_count", "promoters", "detractors", "net_promoter_score", "qa_count", "qa_sum", "average_qa") on "public"."supervisor_contact_kpis_daily" to "trunkline_supervisor";

create or replace view "public"."supervisor_contact_kpis_weekly" as
select
    "week_start",
    "media_type",
    "customer_tier",
    "industry",
    "contacts",
    "handle_count",
    "handle_time_ms",
    "average_handle_time_ms",
    "acw_time_ms",
    "average_acw_time_ms",
    "hold_time_ms",
    "held_contacts",
    "average_hold_time_ms",
    "answered_count",
    "answer_time_ms",
    "average_speed_of_answer_ms",
    "offered_contacts",
    "abandoned_contacts",
    "short_abandoned_contacts",
    "abandon_rate_pct",
    "handled_contacts",
    "transferred_contacts",
    "blind_transferred_contacts",
    "consult_transferred_contacts",
    "transfer_rate_pct",
    "bot_contacts",
    "contained_contacts",
    "containment_rate_pct",
    "known_contacts",
    "escalated_contacts",
    "escalation_rate_pct",
    "repeat_base",
    "repeat_contacts",
    "repeat_rate_pct",
    "csat_count",
    "csat_sum",
    "average_csat",
    "nps_count",
    "promoters",
    "detractors",
    "net_promoter_score",
    "qa_count",
    "qa_sum",
    "average_qa"
from "public"."contact_kpis_weekly";

grant select ("week_start", "media_type", "customer_tier", "industry", "contacts", "handle_count", "handle_time_ms", "average_handle_time_ms", "acw_time_ms", "average_acw_time_ms", "hold_time_ms", "held_contacts", "average_hold_time_ms", "answered_count", "answer_time_ms", "average_speed_of_answer_ms", "offered_contacts", "abandoned_contacts", "short_abandoned_contacts", "abandon_rate_pct", "handled_contacts", "transferred_contacts", "blind_transferred_contacts", "consult_transferred_contacts", "transfer_rate_pct", "bot_contacts", "contained_contacts", "containment_rate_pct", "known_contacts", "escalated_contacts", "escalation_rate_pct", "repeat_base", "repeat_contacts", "repeat_rate_pct", "csat_count", "csat_sum", "average_csat", "nps_count", "promoters", "detractors", "net_promoter_score", "qa_count", "qa_sum", "average_qa") on "public"."supervisor_contact_kpis_weekly" to "trunkline_supervisor";

create or replace view "public"."supervisor_crm_kpi_bounds" as
select
    "kpi",
    "dimension",
    "segment",
    "matched_contacts",
    "matched_events",
    "rate_pct",
    "unmatched_contacts",
    "unmatched_events",
    "lower_pct",
    "upper_pct"
from "public"."crm_kpi_bounds";

grant select ("kpi", "dimension", "segment", "matched_contacts", "matched_events", "rate_pct", "unmatched_contacts", "unmatched_events", "lower_pct", "upper_pct") on "public"."supervisor_crm_kpi_bounds" to "trunkline_supervisor";

create or replace view "public"."supervisor_data_freshness" as
select
    "source",
    "newest_business_date",
    "newest_conversation_start",
    "last_observed_at",
    "last_loaded_at",
    "row_count",
    "open_rows",
    "provisional_rows",
    "last_run"
from "public"."data_freshness";

grant select ("source", "newest_business_date", "newest_conversation_start", "last_observed_at", "last_loaded_at", "row_count", "open_rows", "provisional_rows", "last_run") on "public"."supervisor_data_freshness" to "trunkline_supervisor";

create or replace view "public"."supervisor_escalation_by_tier" as
select
    "customer_tier",
    "total_contacts",
    "known_contacts",
    "escalated_contacts",
    "escalation_rate_pct"
from "public"."escalation_by_tier";

grant select ("customer_tier", "total_contacts", "known_contacts", "escalated_contacts", "escalation_rate_pct") on "public"."supervisor_escalation_by_tier" to "trunkline_supervisor";

create or replace view "public"."supervisor_escalation_trend_weekly" as
select
    "week_start",
    "customer_tier",
    "days",
    "total_contacts",
    "known_contacts",
    "escalated_contacts",
    "escalation_rate_pct",
    "previous_known_contacts",
    "previous_escalated_contacts",
    "change_points"
from "public"."escalation_trend_weekly";

grant select ("week_start", "customer_tier", "days", "total_contacts", "known_contacts", "escalated_contacts", "escalation_rate_pct", "previous_known_contacts", "previous_escalated_contacts", "change_points") on "public"."supervisor_escalation_trend_weekly" to "trunkline_supervisor";

create or replace view "public"."supervisor_join_quality_daily" as
select
    "business_date",
    "media_type",
    "queue_id",
    "queue_name",
    "total_contacts",
    "no_id",
    "malformed",
    "orphan",
    "merged",
    "matched",
    "identified_pct",
    "unidentified_pct"
from "public"."join_quality_daily";

grant select ("business_date", "media_type", "queue_id", "queue_name", "total_contacts", "no_id", "malformed", "orphan", "merged", "matched", "identified_pct", "unidentified_pct") on "public"."supervisor_join_quality_daily" to "trunkline_supervisor";

create or replace view "public"."supervisor_match_bias" as
select
    "characteristic",
    "kind",
    "matched_known",
    "unmatched_known",
    "matched_mean",
    "unmatched_mean",
    "standardised_difference",
    "is_unbalanced"
from "public"."match_bias";

grant select ("characteristic", "kind", "matched_known", "unmatched_known", "matched_mean", "unmatched_mean", "standardised_difference", "is_unbalanced") on "public"."supervisor_match_bias" to "trunkline_supervisor";

create or replace view "public"."supervisor_queue_performance_daily" as
select
    "business_date",
    "queue_id",
    "queue_name",
    "media_type",
    "offered",
    "answered",
    "abandoned",
    "short_abandoned",
    "flow_outs",
    "unsettled",
    "settled",
    "abandon_rate_pct",
    "over_sla",
    "answered_in_time",
    "service_level_base",
    "service_level_pct",
    "wait_time_ms",
    "answer_time_ms",
    "average_speed_of_answer_ms",
    "handle_count",
    "handle_time_ms",
    "average_handle_time_ms",
    "talk_time_ms",
    "hold_time_ms",
    "held_legs",
    "average_hold_time_ms",
    "acw_time_ms",
    "average_acw_time_ms",
    "measured_legs",
    "transferred_legs",
    "blind_transferred_legs",
    "consult_transferred_legs",
    "transfer_rate_pct"
from "public"."queue_performance_daily";

grant select ("business_date", "queue_id", "queue_name", "media_type", "offered", "answered", "abandoned", "short_abandoned", "flow_outs", "unsettled", "settled", "abandon_rate_pct", "over_sla", "answered_in_time", "service_level_base", "service_level_pct", "wait_time_ms", "answer_time_ms", "average_speed_of_answer_ms", "handle_count", "handle_time_ms", "average_handle_time_ms", "talk_time_ms", "hold_time_ms", "held_legs", "average_hold_time_ms", "acw_time_ms", "average_acw_time_ms", "measured_legs", "transferred_legs", "blind_transferred_legs", "consult_transferred_legs", "transfer_rate_pct") on "public"."supervisor_queue_performance_daily" to "trunkline_supervisor";

create or replace view "public"."supervisor_queue_performance_hourly" as
select
    "business_date",
    "business_hour",
    "queue_id",
    "queue_name",
    "media_type",
    "offered",
    "answered",
    "abandoned",
    "short_abandoned",
    "flow_outs",
    "unsettled",
    "settled",
    "abandon_rate_pct",
    "over_sla",
    "answered_in_time",
    "service_level_base",
    "service_level_pct",
    "wait_time_ms",
    "answer_time_ms",
    "average_speed_of_answer_ms",
    "handle_count",
    "handle_time_ms",
    "average_handle_time_ms",
    "talk_time_ms",
    "hold_time_ms",
    "held_legs",
    "average_hold_time_ms",
    "acw_time_ms",
    "average_acw_time_ms",
    "measured_legs",
    "transferred_legs",
    "blind_transferred_legs",
    "consult_transferred_legs",
    "transfer_rate_pct"
from "public"."queue_performance_hourly";

grant select ("business_date", "business_hour", "queue_id", "queue_name", "media_type", "offered", "answered", "abandoned", "short_abandoned", "flow_outs", "unsettled", "settled", "abandon_rate_pct", "over_sla", "answered_in_time", "service_level_base", "service_level_pct", "wait_time_ms", "answer_time_ms", "average_speed_of_answer_ms", "handle_count", "handle_time_ms", "average_handle_time_ms", "talk_time_ms", "hold_time_ms", "held_legs", "average_hold_time_ms", "acw_time_ms", "average_acw_time_ms", "measured_legs", "transferred_legs", "blind_transferred_legs", "consult_transferred_legs", "transfer_rate_pct") on "public"."supervisor_queue_performance_hourly" to "trunkline_supervisor";

create or replace view "public"."supervisor_revenue_by_segment" as
select
    "customer_tier",
    "industry",
    "accounts",
    "contacting_accounts",
    "contacts",
    "contacts_per_1000_accounts",
    "valued_accounts"
from "public"."revenue_by_segment";

grant select ("customer_tier", "industry", "accounts", "contacting_accounts", "contacts", "contacts_per_1000_accounts", "valued_accounts") on "public"."supervisor_revenue_by_segment" to "trunkline_supervisor";

create or replace view "public"."supervisor_satisfaction_daily" as
select
    "business_date",
    "media_type",
    "queue_id",
    "queue_name",
    "agent_id",
    "agent_name",
    "contacts",
    "csat_count",
    "csat_sum",
    "average_csat",
    "nps_count",
    "promoters",
    "detractors",
    "net_promoter_score",
    "qa_count",
    "qa_sum",
    "average_qa"
from "public"."satisfaction_daily";

grant select ("business_date", "media_type", "queue_id", "queue_name", "agent_id", "agent_name", "contacts", "csat_count", "csat_sum", "average_csat", "nps_count", "promoters", "detractors", "net_promoter_score", "qa_count", "qa_sum", "average_qa") on "public"."supervisor_satisfaction_daily" to "trunkline_supervisor";

create or replace view "public"."supervisor_trusst_answers_by_contact" as
select
    "contact_id",
    "conversation_id",
    "stream_name",
    "stream_type",
    "direction",
    "start_time",
    "question_count",
    "answered_question_count",
    "agent_identified_text",
    "agent_identified_number",
    "agent_identified_truth",
    "quality_score_text",
    "quality_score_number",
    "quality_score_truth",
    "main_topic_v2_text",
    "main_topic_v2_number",
    "main_topic_v2_truth",
    "it_s_done_text",
    "it_s_done_number",
    "it_s_done_truth"
from "public"."trusst_answers_by_contact";

grant select ("contact_id", "conversation_id", "stream_name", "stream_type", "direction", "start_time", "question_count", "answered_question_count", "agent_identified_text", "agent_identified_number", "agent_identified_truth", "quality_score_text", "quality_score_number", "quality_score_truth", "main_topic_v2_text", "main_topic_v2_number", "main_topic_v2_truth", "it_s_done_text", "it_s_done_number", "it_s_done_truth") on "public"."supervisor_trusst_answers_by_contact" to "trunkline_supervisor";

create or replace view "public"."supervisor_what_changed" as
select
    "metric",
    "level",
    "customer_tier",
    "queue_id",
    "queue_name",
    "release",
    "released_on",
    "previous_first_day",
    "first_day",
    "last_day",
    "previous_known",
    "previous_events",
    "known",
    "events",
    "previous_rate_pct",
    "rate_pct",
    "change_points",
    "low_points",
    "high_points",
    "contact_share_pct",
    "rate_effect_points",
    "mix_effect_points",
    "p_value",
    "adjusted_p_value",
    "is_significant",
    "finding"
from "public"."what_changed";

grant select ("metric", "level", "customer_tier", "queue_id", "queue_name", "release", "released_on", "previous_first_day", "first_day", "last_day", "previous_known", "previous_events", "known", "events", "previous_rate_pct", "rate_pct", "change_points", "low_points", "high_points", "contact_share_pct", "rate_effect_points", "mix_effect_points", "p_value", "adjusted_p_value", "is_significant", "finding") on "public"."supervisor_what_changed" to "trunkline_supervisor";
