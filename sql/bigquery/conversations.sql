-- Generated. Table conversations: DDL and merge.
create table if not exists `conversations` (
    `conversation_id` string not null options (description = 'Identifies the conversation within the contact centre.'),
    `conversation_start` timestamp not null options (description = 'When it began.'),
    `conversation_end` timestamp options (description = 'When it ended, after-call work included; NULL while it is open.'),
    `is_open` bool not null options (description = 'Whether it had not ended when it was read.'),
    `business_date` string not null options (description = 'Day on which it began in the organisation\'s time zone, YYYY-MM-DD.'),
    `conference_start` timestamp options (description = 'When it became a conference.'),
    `originating_direction` string options (description = 'inbound or outbound.'),
    `initiator` string options (description = 'Purpose of the participant who began it (messaging).'),
    `customer_participation` bool options (description = 'Whether the customer sent at least one message (messaging).'),
    `external_tag` string options (description = 'The organisation\'s own mark.'),
    `self_served` bool options (description = 'Whether every flow session was self-served.'),
    `min_mos` float64 options (description = 'Lowest mean opinion score of its media (1 to 5).'),
    `min_r_factor` float64 options (description = 'Lowest R-factor of its media.'),
    `children_hash` string options (description = 'Hash of all rows of the tree below it.'),
    `source_run` string not null options (description = 'The run that made this version of the row.'),
    `observed_at` timestamp not null options (description = 'When the source was asked.'),
    `row_hash` string not null options (description = '128-bit hash of all columns that tell of the world.'),
    `etl_loaded_at` timestamp options (description = 'When this version was written to the warehouse.'),
    primary key (`conversation_id`) not enforced
)
partition by date(`conversation_start`)
cluster by `conversation_id`
options (
    description = 'One conversation as the contact centre tells it, without customer and without what is derived: those are in unified_interactions.',
    labels = [('application', 'trunkline')]
);

declare planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged int64;

declare first_replaced, last_replaced timestamp;

declare conversation_divisions_written, conversation_divisions_unchanged, conversation_divisions_orphans, conversation_divisions_deleted int64;

declare participants_written, participants_unchanged, participants_orphans, participants_deleted int64;

declare participant_attributes_written, participant_attributes_unchanged, participant_attributes_orphans, participant_attributes_deleted int64;

declare sessions_written, sessions_unchanged, sessions_orphans, sessions_deleted int64;

declare segments_written, segments_unchanged, segments_orphans, segments_deleted int64;

declare session_metrics_written, session_metrics_unchanged, session_metrics_orphans, session_metrics_deleted int64;

declare flow_outcomes_written, flow_outcomes_unchanged, flow_outcomes_orphans, flow_outcomes_deleted int64;

declare evaluations_written, evaluations_unchanged, evaluations_orphans, evaluations_deleted int64;

declare surveys_written, surveys_unchanged, surveys_orphans, surveys_deleted int64;

declare resolutions_written, resolutions_unchanged, resolutions_orphans, resolutions_deleted int64;

declare agent_legs_written, agent_legs_unchanged, agent_legs_orphans, agent_legs_deleted int64;

declare queue_visits_written, queue_visits_unchanged, queue_visits_orphans, queue_visits_deleted int64;

begin transaction;

update etl_leases
set expires_at = timestamp_add(current_timestamp(), interval @seconds second)
where resource = 'warehouse'
    and token = @token;

assert @@row_count = 1 as 'trunkline: the lease is no longer ours';

assert (
    select count(*)
    from `trunkline_staging`.`conversations`
) = @received_conversations as 'trunkline: the batch does not hold the rows that its manifest promises';

create temp table merge_plan as
with received as (
    select
        `conversation_id`,
        `observed_at`,
        `row_hash`,
        batch_file as batch_file,
        batch_row as batch_row,
        row_number() over (partition by `conversation_id` order by `observed_at` desc, batch_file desc, batch_row desc) as version
    from `trunkline_staging`.`conversations`
)
select
    received.`conversation_id`,
    received.batch_file,
    received.batch_row,
    received.`observed_at`,
    present.`conversation_start` as replaced_at,
    case
        when present.`conversation_id` is null then 'insert'
        when received.row_hash <> present.row_hash and received.observed_at >= present.observed_at then 'update'
        else 'unchanged'
    end as action
from received
left join `conversations` as present
    on present.`conversation_id` = received.`conversation_id`
where received.version = 1;

set (planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged) = (
    select as struct
        (select count(*) from (select distinct batch_file, batch_row from merge_plan) as versions) as keys,
        count(*) as plans,
        count(case when action = 'insert' then 1 end) as inserts,
        count(case when action in ('update', 'settle') then 1 end) as updates,
        count(case when action = 'unchanged' then 1 end) as unchanged
    from merge_plan
);

assert planned_rows = planned_keys as 'trunkline: the table holds keys of the batch more than once';

set (first_replaced, last_replaced) = (
    select as struct
        min(case when merge_plan.action in ('update', 'settle') then replaced_at end),
        max(case when merge_plan.action in ('update', 'settle') then replaced_at end)
    from merge_plan
);

delete from `conversations`
where `conversations`.`conversation_start` between first_replaced and last_replaced
    and exists (
        select 1
        from merge_plan
        where `conversations`.`conversation_id` = merge_plan.`conversation_id`
            and merge_plan.action in ('update', 'settle')
    );

assert @@row_count = planned_updates as 'trunkline: not as many rows were written as were planned';

insert into `conversations` (
    `conversation_id`,
    `conversation_start`,
    `conversation_end`,
    `is_open`,
    `business_date`,
    `conference_start`,
    `originating_direction`,
    `initiator`,
    `customer_participation`,
    `external_tag`,
    `self_served`,
    `min_mos`,
    `min_r_factor`,
    `children_hash`,
    `source_run`,
    `observed_at`,
    `row_hash`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`conversation_start`,
    batch.`conversation_end`,
    batch.`is_open`,
    batch.`business_date`,
    batch.`conference_start`,
    batch.`originating_direction`,
    batch.`initiator`,
    batch.`customer_participation`,
    batch.`external_tag`,
    batch.`self_served`,
    batch.`min_mos`,
    batch.`min_r_factor`,
    batch.`children_hash`,
    batch.`source_run`,
    batch.`observed_at`,
    batch.`row_hash`,
    @loaded_at
from `trunkline_staging`.`conversations` as batch
join merge_plan
    on batch.batch_file = merge_plan.batch_file
    and batch.batch_row = merge_plan.batch_row
where merge_plan.action <> 'unchanged';

assert @@row_count = planned_inserts + planned_updates as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`conversation_divisions`
) = @received_conversation_divisions as 'trunkline: the batch does not hold the rows that its manifest promises';

set (conversation_divisions_written, conversation_divisions_unchanged, conversation_divisions_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`conversation_divisions` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert conversation_divisions_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `conversation_divisions`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `conversation_divisions`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set conversation_divisions_deleted = @@row_count;

insert into `conversation_divisions` (
    `conversation_id`,
    `division_id`,
    `position`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`division_id`,
    batch.`position`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`conversation_divisions` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = conversation_divisions_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`participants`
) = @received_participants as 'trunkline: the batch does not hold the rows that its manifest promises';

set (participants_written, participants_unchanged, participants_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`participants` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert participants_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `participants`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `participants`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set participants_deleted = @@row_count;

insert into `participants` (
    `conversation_id`,
    `participant_id`,
    `position`,
    `purpose`,
    `name`,
    `user_id`,
    `team_id`,
    `external_contact_id`,
    `external_organization_id`,
    `flagged_reason`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`position`,
    batch.`purpose`,
    batch.`name`,
    batch.`user_id`,
    batch.`team_id`,
    batch.`external_contact_id`,
    batch.`external_organization_id`,
    batch.`flagged_reason`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`participants` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = participants_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`participant_attributes`
) = @received_participant_attributes as 'trunkline: the batch does not hold the rows that its manifest promises';

set (participant_attributes_written, participant_attributes_unchanged, participant_attributes_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`participant_attributes` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert participant_attributes_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `participant_attributes`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `participant_attributes`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set participant_attributes_deleted = @@row_count;

insert into `participant_attributes` (
    `conversation_id`,
    `participant_id`,
    `name`,
    `value`,
    `value_truncated`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`name`,
    batch.`value`,
    batch.`value_truncated`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`participant_attributes` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = participant_attributes_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`sessions`
) = @received_sessions as 'trunkline: the batch does not hold the rows that its manifest promises';

set (sessions_written, sessions_unchanged, sessions_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`sessions` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert sessions_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `sessions`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `sessions`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set sessions_deleted = @@row_count;

insert into `sessions` (
    `conversation_id`,
    `participant_id`,
    `session_id`,
    `position`,
    `started_at`,
    `ended_at`,
    `media_type`,
    `message_type`,
    `direction`,
    `peer_id`,
    `provider`,
    `remote`,
    `ani`,
    `dnis`,
    `session_dnis`,
    `address_from`,
    `address_to`,
    `monitored_participant_id`,
    `coached_participant_id`,
    `barged_participant_id`,
    `requested_routings`,
    `used_routing`,
    `selected_agent_id`,
    `callback_scheduled_at`,
    `outbound_campaign_id`,
    `outbound_contact_id`,
    `disposition_name`,
    `delivery_status`,
    `authenticated`,
    `acw_skipped`,
    `flow_out_type`,
    `flow_id`,
    `flow_name`,
    `flow_type`,
    `flow_version`,
    `flow_entry_reason`,
    `flow_exit_reason`,
    `flow_transfer_type`,
    `flow_transfer_target`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`session_id`,
    batch.`position`,
    batch.`started_at`,
    batch.`ended_at`,
    batch.`media_type`,
    batch.`message_type`,
    batch.`direction`,
    batch.`peer_id`,
    batch.`provider`,
    batch.`remote`,
    batch.`ani`,
    batch.`dnis`,
    batch.`session_dnis`,
    batch.`address_from`,
    batch.`address_to`,
    batch.`monitored_participant_id`,
    batch.`coached_participant_id`,
    batch.`barged_participant_id`,
    batch.`requested_routings`,
    batch.`used_routing`,
    batch.`selected_agent_id`,
    batch.`callback_scheduled_at`,
    batch.`outbound_campaign_id`,
    batch.`outbound_contact_id`,
    batch.`disposition_name`,
    batch.`delivery_status`,
    batch.`authenticated`,
    batch.`acw_skipped`,
    batch.`flow_out_type`,
    batch.`flow_id`,
    batch.`flow_name`,
    batch.`flow_type`,
    batch.`flow_version`,
    batch.`flow_entry_reason`,
    batch.`flow_exit_reason`,
    batch.`flow_transfer_type`,
    batch.`flow_transfer_target`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`sessions` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = sessions_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`segments`
) = @received_segments as 'trunkline: the batch does not hold the rows that its manifest promises';

set (segments_written, segments_unchanged, segments_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`segments` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert segments_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `segments`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `segments`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set segments_deleted = @@row_count;

insert into `segments` (
    `conversation_id`,
    `participant_id`,
    `session_id`,
    `segment_seq`,
    `started_at`,
    `ended_at`,
    `segment_type`,
    `queue_id`,
    `disconnect_type`,
    `wrapup_code`,
    `wrapup_note`,
    `conference`,
    `error_code`,
    `subject`,
    `requested_language_id`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`session_id`,
    batch.`segment_seq`,
    batch.`started_at`,
    batch.`ended_at`,
    batch.`segment_type`,
    batch.`queue_id`,
    batch.`disconnect_type`,
    batch.`wrapup_code`,
    batch.`wrapup_note`,
    batch.`conference`,
    batch.`error_code`,
    batch.`subject`,
    batch.`requested_language_id`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`segments` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = segments_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`session_metrics`
) = @received_session_metrics as 'trunkline: the batch does not hold the rows that its manifest promises';

set (session_metrics_written, session_metrics_unchanged, session_metrics_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`session_metrics` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert session_metrics_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `session_metrics`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `session_metrics`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set session_metrics_deleted = @@row_count;

insert into `session_metrics` (
    `conversation_id`,
    `participant_id`,
    `session_id`,
    `metric_seq`,
    `name`,
    `value`,
    `emitted_at`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`session_id`,
    batch.`metric_seq`,
    batch.`name`,
    batch.`value`,
    batch.`emitted_at`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`session_metrics` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = session_metrics_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`flow_outcomes`
) = @received_flow_outcomes as 'trunkline: the batch does not hold the rows that its manifest promises';

set (flow_outcomes_written, flow_outcomes_unchanged, flow_outcomes_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`flow_outcomes` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert flow_outcomes_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `flow_outcomes`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `flow_outcomes`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set flow_outcomes_deleted = @@row_count;

insert into `flow_outcomes` (
    `conversation_id`,
    `participant_id`,
    `session_id`,
    `outcome_seq`,
    `flow_outcome_id`,
    `outcome_value`,
    `started_at`,
    `ended_at`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`session_id`,
    batch.`outcome_seq`,
    batch.`flow_outcome_id`,
    batch.`outcome_value`,
    batch.`started_at`,
    batch.`ended_at`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`flow_outcomes` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = flow_outcomes_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`evaluations`
) = @received_evaluations as 'trunkline: the batch does not hold the rows that its manifest promises';

set (evaluations_written, evaluations_unchanged, evaluations_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`evaluations` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert evaluations_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `evaluations`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `evaluations`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set evaluations_deleted = @@row_count;

insert into `evaluations` (
    `conversation_id`,
    `evaluation_id`,
    `status`,
    `event_time`,
    `user_id`,
    `evaluator_id`,
    `assignee_id`,
    `queue_id`,
    `form_id`,
    `form_name`,
    `context_id`,
    `calibration_id`,
    `released`,
    `rescored`,
    `deleted`,
    `total_score`,
    `total_critical_score`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`evaluation_id`,
    batch.`status`,
    batch.`event_time`,
    batch.`user_id`,
    batch.`evaluator_id`,
    batch.`assignee_id`,
    batch.`queue_id`,
    batch.`form_id`,
    batch.`form_name`,
    batch.`context_id`,
    batch.`calibration_id`,
    batch.`released`,
    batch.`rescored`,
    batch.`deleted`,
    batch.`total_score`,
    batch.`total_critical_score`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`evaluations` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = evaluations_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`surveys`
) = @received_surveys as 'trunkline: the batch does not hold the rows that its manifest promises';

set (surveys_written, surveys_unchanged, surveys_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`surveys` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert surveys_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `surveys`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `surveys`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set surveys_deleted = @@row_count;

insert into `surveys` (
    `conversation_id`,
    `survey_id`,
    `status`,
    `survey_type`,
    `event_time`,
    `completed_at`,
    `is_partial`,
    `user_id`,
    `queue_id`,
    `form_id`,
    `form_context_id`,
    `form_name`,
    `promoter_score`,
    `total_score`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`survey_id`,
    batch.`status`,
    batch.`survey_type`,
    batch.`event_time`,
    batch.`completed_at`,
    batch.`is_partial`,
    batch.`user_id`,
    batch.`queue_id`,
    batch.`form_id`,
    batch.`form_context_id`,
    batch.`form_name`,
    batch.`promoter_score`,
    batch.`total_score`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`surveys` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = surveys_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`resolutions`
) = @received_resolutions as 'trunkline: the batch does not hold the rows that its manifest promises';

set (resolutions_written, resolutions_unchanged, resolutions_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`resolutions` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert resolutions_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `resolutions`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `resolutions`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set resolutions_deleted = @@row_count;

insert into `resolutions` (
    `conversation_id`,
    `resolution_seq`,
    `event_time`,
    `queue_id`,
    `user_id`,
    `next_contact_avoided`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`resolution_seq`,
    batch.`event_time`,
    batch.`queue_id`,
    batch.`user_id`,
    batch.`next_contact_avoided`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`resolutions` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = resolutions_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`agent_legs`
) = @received_agent_legs as 'trunkline: the batch does not hold the rows that its manifest promises';

set (agent_legs_written, agent_legs_unchanged, agent_legs_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`agent_legs` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert agent_legs_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `agent_legs`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `agent_legs`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set agent_legs_deleted = @@row_count;

insert into `agent_legs` (
    `conversation_id`,
    `participant_id`,
    `session_id`,
    `conversation_start`,
    `business_date`,
    `business_hour`,
    `started_at`,
    `ended_at`,
    `leg_seq`,
    `user_id`,
    `agent_name`,
    `queue_id`,
    `queue_name`,
    `media_type`,
    `direction`,
    `answered`,
    `not_responding`,
    `is_last_answered`,
    `alert_time_ms`,
    `contacting_time_ms`,
    `dialing_time_ms`,
    `talk_time_ms`,
    `hold_time_ms`,
    `acw_time_ms`,
    `handle_time_ms`,
    `handle_count`,
    `answer_time_ms`,
    `transfer_count`,
    `blind_transfer_count`,
    `consult_transfer_count`,
    `consult_count`,
    `wrapup_code`,
    `wrapup_name`,
    `disconnect_type`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`session_id`,
    batch.`conversation_start`,
    batch.`business_date`,
    batch.`business_hour`,
    batch.`started_at`,
    batch.`ended_at`,
    batch.`leg_seq`,
    batch.`user_id`,
    batch.`agent_name`,
    batch.`queue_id`,
    batch.`queue_name`,
    batch.`media_type`,
    batch.`direction`,
    batch.`answered`,
    batch.`not_responding`,
    batch.`is_last_answered`,
    batch.`alert_time_ms`,
    batch.`contacting_time_ms`,
    batch.`dialing_time_ms`,
    batch.`talk_time_ms`,
    batch.`hold_time_ms`,
    batch.`acw_time_ms`,
    batch.`handle_time_ms`,
    batch.`handle_count`,
    batch.`answer_time_ms`,
    batch.`transfer_count`,
    batch.`blind_transfer_count`,
    batch.`consult_transfer_count`,
    batch.`consult_count`,
    batch.`wrapup_code`,
    batch.`wrapup_name`,
    batch.`disconnect_type`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`agent_legs` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = agent_legs_written as 'trunkline: not as many rows were written as were planned';

assert (
    select count(*)
    from `trunkline_staging`.`queue_visits`
) = @received_queue_visits as 'trunkline: the batch does not hold the rows that its manifest promises';

set (queue_visits_written, queue_visits_unchanged, queue_visits_orphans) = (
    select as struct
        count(case when merge_plan.action <> 'unchanged' and merge_plan.observed_at = batch.observed_at then 1 end) as written,
        count(case when merge_plan.action = 'unchanged' or merge_plan.observed_at <> batch.observed_at then 1 end) as unchanged,
        count(case when merge_plan.action is null then 1 end) as orphans
    from `trunkline_staging`.`queue_visits` as batch
    left join merge_plan
        on merge_plan.`conversation_id` = batch.`conversation_id`
);

assert queue_visits_orphans = 0 as 'trunkline: rows of the batch have no parent in it';

delete from `queue_visits`
where exists (
    select 1
    from merge_plan
    where merge_plan.`conversation_id` = `queue_visits`.`conversation_id`
        and merge_plan.action in ('update', 'settle')
);

set queue_visits_deleted = @@row_count;

insert into `queue_visits` (
    `conversation_id`,
    `participant_id`,
    `session_id`,
    `conversation_start`,
    `business_date`,
    `business_hour`,
    `offered_at`,
    `left_at`,
    `visit_seq`,
    `queue_id`,
    `queue_name`,
    `media_type`,
    `outcome`,
    `short_abandon`,
    `wait_time_ms`,
    `answer_time_ms`,
    `over_sla`,
    `sla_target_ms`,
    `answered_by`,
    `is_last`,
    `source_run`,
    `observed_at`,
    `etl_loaded_at`
)
select
    batch.`conversation_id`,
    batch.`participant_id`,
    batch.`session_id`,
    batch.`conversation_start`,
    batch.`business_date`,
    batch.`business_hour`,
    batch.`offered_at`,
    batch.`left_at`,
    batch.`visit_seq`,
    batch.`queue_id`,
    batch.`queue_name`,
    batch.`media_type`,
    batch.`outcome`,
    batch.`short_abandon`,
    batch.`wait_time_ms`,
    batch.`answer_time_ms`,
    batch.`over_sla`,
    batch.`sla_target_ms`,
    batch.`answered_by`,
    batch.`is_last`,
    batch.`source_run`,
    batch.`observed_at`,
    @loaded_at
from `trunkline_staging`.`queue_visits` as batch
join merge_plan
    on merge_plan.`conversation_id` = batch.`conversation_id`
    and merge_plan.observed_at = batch.observed_at
where merge_plan.action <> 'unchanged';

assert @@row_count = queue_visits_written as 'trunkline: not as many rows were written as were planned';

delete from etl_commits
where step_id in (@step_id, @step_id || '/conversation_divisions', @step_id || '/participants', @step_id || '/participant_attributes', @step_id || '/sessions', @step_id || '/segments', @step_id || '/session_metrics', @step_id || '/flow_outcomes', @step_id || '/evaluations', @step_id || '/surveys', @step_id || '/resolutions', @step_id || '/agent_legs', @step_id || '/queue_visits');

insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at, deleted)
values
    (@step_id, @content_hash, planned_inserts, planned_updates, planned_unchanged, @loaded_at, 0),
    (@step_id || '/conversation_divisions', @content_hash, conversation_divisions_written, 0, conversation_divisions_unchanged, @loaded_at, conversation_divisions_deleted),
    (@step_id || '/participants', @content_hash, participants_written, 0, participants_unchanged, @loaded_at, participants_deleted),
    (@step_id || '/participant_attributes', @content_hash, participant_attributes_written, 0, participant_attributes_unchanged, @loaded_at, participant_attributes_deleted),
    (@step_id || '/sessions', @content_hash, sessions_written, 0, sessions_unchanged, @loaded_at, sessions_deleted),
    (@step_id || '/segments', @content_hash, segments_written, 0, segments_unchanged, @loaded_at, segments_deleted),
    (@step_id || '/session_metrics', @content_hash, session_metrics_written, 0, session_metrics_unchanged, @loaded_at, session_metrics_deleted),
    (@step_id || '/flow_outcomes', @content_hash, flow_outcomes_written, 0, flow_outcomes_unchanged, @loaded_at, flow_outcomes_deleted),
    (@step_id || '/evaluations', @content_hash, evaluations_written, 0, evaluations_unchanged, @loaded_at, evaluations_deleted),
    (@step_id || '/surveys', @content_hash, surveys_written, 0, surveys_unchanged, @loaded_at, surveys_deleted),
    (@step_id || '/resolutions', @content_hash, resolutions_written, 0, resolutions_unchanged, @loaded_at, resolutions_deleted),
    (@step_id || '/agent_legs', @content_hash, agent_legs_written, 0, agent_legs_unchanged, @loaded_at, agent_legs_deleted),
    (@step_id || '/queue_visits', @content_hash, queue_visits_written, 0, queue_visits_unchanged, @loaded_at, queue_visits_deleted);

commit transaction;

select step_id, inserted, updated, unchanged, deleted
from etl_commits
where step_id in (@step_id, @step_id || '/conversation_divisions', @step_id || '/participants', @step_id || '/participant_attributes', @step_id || '/sessions', @step_id || '/segments', @step_id || '/session_metrics', @step_id || '/flow_outcomes', @step_id || '/evaluations', @step_id || '/surveys', @step_id || '/resolutions', @step_id || '/agent_legs', @step_id || '/queue_visits');
