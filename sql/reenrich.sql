{{recursive "chain" "given_id, account_id, master_account_id, is_deleted, accounts"}} (
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
    where chain.accounts < {{longestChain}}
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
        {{alphanumeric "crm_account_id_given"}} as given
    from unified_interactions
    where conversation_start >= {{parameter "since"}}
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
{{- range $i, $c := .Columns}}{{if $i}},{{end}}
    {{$c.From}}.{{$c.Name}}
{{- end}}
from unified_interactions as present
join joined
    on present.conversation_id = joined.conversation_id
where {{range $i, $c := .Joined}}{{if $i}}
    or {{end}}(present.{{$c}} is null) <> (joined.{{$c}} is null)
    or present.{{$c}} <> joined.{{$c}}{{end}}
