-- Generated. Rows of unified_interactions that follow a change of the CRM.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
with recursive chain (given_id, account_id, master_account_id, is_deleted, accounts) as (
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
    where chain.accounts < 100
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
    where conversation_start >= cast($since as timestamp_ntz)
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
    present."CONVERSATION_ID",
    present."CONVERSATION_START",
    present."CONVERSATION_END",
    present."DURATION_MS",
    present."QUEUE_ID",
    present."QUEUE_NAME",
    present."MEDIA_TYPE",
    present."AGENT_ID",
    present."AGENT_NAME",
    present."HANDLE_TIME_MS",
    present."ACW_TIME_MS",
    present."ABANDONED",
    present."TRANSFERRED",
    present."QA_SCORE",
    present."CSAT_SCORE",
    joined."CRM_ACCOUNT_ID",
    present."CRM_CASE_ID",
    joined."CUSTOMER_TIER",
    joined."ACCOUNT_OWNER",
    joined."OPEN_OPPORTUNITY_COUNT",
    joined."LTV_USD",
    joined."CASE_CATEGORY",
    present."WAS_ESCALATED",
    present."HANDLED_BY_BOT_ONLY",
    present."ETL_LOADED_AT",
    present."DATA_SOURCE",
    present."BUSINESS_DATE",
    joined."CUSTOMER_TIER_AT_CONTACT",
    joined."CRM_ACCOUNT_NAME",
    joined."INDUSTRY",
    joined."OPEN_CASE_COUNT",
    present."CRM_MATCH_METHOD",
    joined."CRM_ID_STATUS",
    present."CRM_ACCOUNT_ID_GIVEN",
    present."FINALITY",
    present."IS_OPEN",
    present."DIRECTION",
    present."MEDIA_TYPES",
    present."MESSAGE_TYPE",
    present."HAS_CALLBACK",
    present."FIRST_QUEUE_ID",
    present."LAST_QUEUE_ID",
    present."QUEUE_COUNT",
    present."FIRST_AGENT_ID",
    present."AGENT_COUNT",
    present."AGENT_LEGS_NOT_RESPONDING",
    present."HANDLE_COUNT",
    present."TIME_SOURCE",
    present."TALK_TIME_MS",
    present."HOLD_TIME_MS",
    present."WAIT_TIME_MS",
    present."ANSWER_TIME_MS",
    present."CUSTOMER_DURATION_MS",
    present."OFFERED_COUNT",
    present."ANSWERED_COUNT",
    present."ABANDONED_COUNT",
    present."FLOW_OUT_COUNT",
    present."OVER_SLA_COUNT",
    present."WITHIN_SERVICE_LEVEL",
    present."ABANDONED_BEFORE_ANSWER",
    present."SHORT_ABANDON",
    present."TRANSFER_COUNT",
    present."BLIND_TRANSFERRED",
    present."CONSULT_TRANSFERRED",
    present."DISCONNECT_TYPE",
    present."ENDED_BY",
    present."WRAPUP_CODE",
    present."WRAPUP_NAME",
    present."BOT_PRESENT",
    present."SELF_SERVED",
    present."FLOW_DISCONNECT",
    present."FLOW_ID",
    present."FLOW_NAME",
    present."WAS_ESCALATED_SOURCE",
    present."NPS",
    present."SURVEY_PARTIAL",
    present."SURVEY_ID",
    present."EVALUATION_ID",
    present."DIVISION_ID",
    present."EXTERNAL_CONTACT_ID",
    present."QUESTION_COUNT",
    present."ANSWERED_QUESTION_COUNT",
    present."SOURCE_RUN",
    present."OBSERVED_AT",
    present."ROW_HASH",
    present."FIRST_SEEN_AT",
    present."LAST_CHANGED_AT",
    present."RESTATED_AT"
from unified_interactions as present
join joined
    on present.conversation_id = joined.conversation_id
where (present."CRM_ACCOUNT_ID" is null) <> (joined."CRM_ACCOUNT_ID" is null)
    or present."CRM_ACCOUNT_ID" <> joined."CRM_ACCOUNT_ID"
    or (present."CUSTOMER_TIER" is null) <> (joined."CUSTOMER_TIER" is null)
    or present."CUSTOMER_TIER" <> joined."CUSTOMER_TIER"
    or (present."ACCOUNT_OWNER" is null) <> (joined."ACCOUNT_OWNER" is null)
    or present."ACCOUNT_OWNER" <> joined."ACCOUNT_OWNER"
    or (present."OPEN_OPPORTUNITY_COUNT" is null) <> (joined."OPEN_OPPORTUNITY_COUNT" is null)
    or present."OPEN_OPPORTUNITY_COUNT" <> joined."OPEN_OPPORTUNITY_COUNT"
    or (present."LTV_USD" is null) <> (joined."LTV_USD" is null)
    or present."LTV_USD" <> joined."LTV_USD"
    or (present."CASE_CATEGORY" is null) <> (joined."CASE_CATEGORY" is null)
    or present."CASE_CATEGORY" <> joined."CASE_CATEGORY"
    or (present."CUSTOMER_TIER_AT_CONTACT" is null) <> (joined."CUSTOMER_TIER_AT_CONTACT" is null)
    or present."CUSTOMER_TIER_AT_CONTACT" <> joined."CUSTOMER_TIER_AT_CONTACT"
    or (present."CRM_ACCOUNT_NAME" is null) <> (joined."CRM_ACCOUNT_NAME" is null)
    or present."CRM_ACCOUNT_NAME" <> joined."CRM_ACCOUNT_NAME"
    or (present."INDUSTRY" is null) <> (joined."INDUSTRY" is null)
    or present."INDUSTRY" <> joined."INDUSTRY"
    or (present."OPEN_CASE_COUNT" is null) <> (joined."OPEN_CASE_COUNT" is null)
    or present."OPEN_CASE_COUNT" <> joined."OPEN_CASE_COUNT"
    or (present."CRM_ID_STATUS" is null) <> (joined."CRM_ID_STATUS" is null)
    or present."CRM_ID_STATUS" <> joined."CRM_ID_STATUS";
