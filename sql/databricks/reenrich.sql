-- Generated. Rows of unified_interactions that follow a change of the CRM.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
with recursive chain (given_id, account_id, master_account_id, is_deleted, accounts) max recursion level 1000 as (
    select
        account_id as given_id,
        account_id,
        master_account_id,
        is_deleted,
        1 as accounts
    from crm_accounts
    union all
    select
        chain.given_id,
        master.account_id,
        master.master_account_id,
        master.is_deleted,
        chain.accounts + 1 as accounts
    from chain
    join crm_accounts as master
        on chain.master_account_id = master.account_id
    where chain.accounts < 1000
),

customers as (
    select
        given_id,
        account_id,
        accounts > 1 as merged
    from chain
    where master_account_id is null
        and not is_deleted
),

spellings as (
    select
        left(account_id, 15) as spelling,
        account_id
    from crm_accounts
    union all
    select
        lower(account_id) as spelling,
        account_id
    from crm_accounts
),

spelled as (
    select
        conversation_id,
        conversation_start,
        crm_account_id,
        crm_case_id,
        crm_id_status,
        crm_id_status not in ('missing', 'malformed') as has_id,
        regexp_replace(crm_account_id_given, '[^0-9A-Za-z]', '') as given
    from unified_interactions
    where conversation_start >= :since
        and exists (select 1 from crm_accounts)
),

given as (
    select
        spelled.conversation_id,
        spelled.conversation_start,
        spelled.crm_account_id,
        spelled.crm_case_id,
        spelled.crm_id_status,
        spelled.has_id,
        case when spelled.has_id then coalesce(spellings.account_id, spelled.crm_account_id) end as given_id
    from spelled
    left join spellings
        on case length(spelled.given) when 15 then spelled.given when 18 then lower(spelled.given) end = spellings.spelling
),

known as (
    select
        given.conversation_id,
        given.conversation_start,
        given.crm_account_id,
        given.crm_case_id,
        given.crm_id_status,
        given.has_id,
        given.given_id,
        customers.account_id,
        customers.merged
    from given
    left join customers
        on given.given_id = customers.given_id
),

versions as (
    select
        known.conversation_id,
        case when held.valid_to is null or held.valid_to > known.conversation_start then held.customer_tier end as customer_tier,
        row_number() over (partition by known.conversation_id order by held.valid_from desc) as nth
    from known
    join crm_account_versions as held
        on known.account_id = held.account_id
        and held.valid_from <= known.conversation_start
),

opportunities as (
    select
        customers.account_id,
        count(*) as open_count
    from crm_opportunities
    join customers
        on crm_opportunities.account_id = customers.given_id
    where not crm_opportunities.is_closed
        and not crm_opportunities.is_deleted
    group by customers.account_id
),

cases as (
    select
        customers.account_id,
        count(*) as open_count
    from crm_cases
    join customers
        on crm_cases.account_id = customers.given_id
    where not crm_cases.is_closed
        and not crm_cases.is_deleted
    group by customers.account_id
),

joined as (
    select
        known.conversation_id,
        case when known.has_id then coalesce(known.account_id, known.given_id) else known.crm_account_id end as crm_account_id,
        case
            when not known.has_id then known.crm_id_status
            when known.account_id is null then 'unknown_account'
            when known.merged then 'merged'
            else 'ok'
        end as crm_id_status,
        accounts.name as crm_account_name,
        accounts.customer_tier,
        versions.customer_tier as customer_tier_at_contact,
        accounts.industry,
        coalesce(crm_users.name, accounts.owner_name) as account_owner,
        accounts.ltv_usd,
        case when known.account_id is not null then coalesce(opportunities.open_count, 0) end as open_opportunity_count,
        case when known.account_id is not null then coalesce(cases.open_count, 0) end as open_case_count,
        crm_cases.category as case_category
    from known
    left join crm_accounts as accounts
        on known.account_id = accounts.account_id
    left join crm_users
        on accounts.owner_id = crm_users.user_id
    left join versions
        on known.conversation_id = versions.conversation_id
        and versions.nth = 1
    left join opportunities
        on known.account_id = opportunities.account_id
    left join cases
        on known.account_id = cases.account_id
    left join crm_cases
        on known.crm_case_id = crm_cases.case_id
)

select
    present.`conversation_id`,
    present.`conversation_start`,
    present.`conversation_end`,
    present.`duration_ms`,
    present.`queue_id`,
    present.`queue_name`,
    present.`media_type`,
    present.`agent_id`,
    present.`agent_name`,
    present.`handle_time_ms`,
    present.`acw_time_ms`,
    present.`abandoned`,
    present.`transferred`,
    present.`qa_score`,
    present.`csat_score`,
    joined.`crm_account_id`,
    present.`crm_case_id`,
    joined.`customer_tier`,
    joined.`account_owner`,
    joined.`open_opportunity_count`,
    joined.`ltv_usd`,
    joined.`case_category`,
    present.`was_escalated`,
    present.`handled_by_bot_only`,
    present.`etl_loaded_at`,
    present.`data_source`,
    present.`business_date`,
    joined.`customer_tier_at_contact`,
    joined.`crm_account_name`,
    joined.`industry`,
    joined.`open_case_count`,
    present.`crm_match_method`,
    joined.`crm_id_status`,
    present.`crm_account_id_given`,
    present.`finality`,
    present.`is_open`,
    present.`direction`,
    present.`media_types`,
    present.`message_type`,
    present.`has_callback`,
    present.`first_queue_id`,
    present.`last_queue_id`,
    present.`queue_count`,
    present.`first_agent_id`,
    present.`agent_count`,
    present.`agent_legs_not_responding`,
    present.`handle_count`,
    present.`time_source`,
    present.`talk_time_ms`,
    present.`hold_time_ms`,
    present.`wait_time_ms`,
    present.`answer_time_ms`,
    present.`customer_duration_ms`,
    present.`offered_count`,
    present.`answered_count`,
    present.`abandoned_count`,
    present.`flow_out_count`,
    present.`over_sla_count`,
    present.`within_service_level`,
    present.`abandoned_before_answer`,
    present.`short_abandon`,
    present.`transfer_count`,
    present.`blind_transferred`,
    present.`consult_transferred`,
    present.`disconnect_type`,
    present.`ended_by`,
    present.`wrapup_code`,
    present.`wrapup_name`,
    present.`bot_present`,
    present.`self_served`,
    present.`flow_disconnect`,
    present.`flow_id`,
    present.`flow_name`,
    present.`was_escalated_source`,
    present.`nps`,
    present.`survey_partial`,
    present.`survey_id`,
    present.`evaluation_id`,
    present.`division_id`,
    present.`external_contact_id`,
    present.`question_count`,
    present.`answered_question_count`,
    present.`source_run`,
    present.`observed_at`,
    present.`row_hash`,
    present.`first_seen_at`,
    present.`last_changed_at`,
    present.`restated_at`
from unified_interactions as present
join joined
    on present.conversation_id = joined.conversation_id
where (present.`crm_account_id` is null) <> (joined.`crm_account_id` is null)
    or present.`crm_account_id` <> joined.`crm_account_id`
    or (present.`customer_tier` is null) <> (joined.`customer_tier` is null)
    or present.`customer_tier` <> joined.`customer_tier`
    or (present.`account_owner` is null) <> (joined.`account_owner` is null)
    or present.`account_owner` <> joined.`account_owner`
    or (present.`open_opportunity_count` is null) <> (joined.`open_opportunity_count` is null)
    or present.`open_opportunity_count` <> joined.`open_opportunity_count`
    or (present.`ltv_usd` is null) <> (joined.`ltv_usd` is null)
    or present.`ltv_usd` <> joined.`ltv_usd`
    or (present.`case_category` is null) <> (joined.`case_category` is null)
    or present.`case_category` <> joined.`case_category`
    or (present.`customer_tier_at_contact` is null) <> (joined.`customer_tier_at_contact` is null)
    or present.`customer_tier_at_contact` <> joined.`customer_tier_at_contact`
    or (present.`crm_account_name` is null) <> (joined.`crm_account_name` is null)
    or present.`crm_account_name` <> joined.`crm_account_name`
    or (present.`industry` is null) <> (joined.`industry` is null)
    or present.`industry` <> joined.`industry`
    or (present.`open_case_count` is null) <> (joined.`open_case_count` is null)
    or present.`open_case_count` <> joined.`open_case_count`
    or (present.`crm_id_status` is null) <> (joined.`crm_id_status` is null)
    or present.`crm_id_status` <> joined.`crm_id_status`;
