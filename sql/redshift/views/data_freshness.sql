-- Generated. Data freshness.
create or replace view "data_freshness" as
with interactions as (
    select
        data_source || '/unified_interactions' as source,
        business_date,
        conversation_start,
        observed_at,
        etl_loaded_at,
        source_run,
        is_open,
        finality
    from unified_interactions
),

counted as (
    select
        source,
        max(business_date) as newest_business_date,
        max(conversation_start) as newest_conversation_start,
        max(observed_at) as last_observed_at,
        max(etl_loaded_at) as last_loaded_at,
        count(*) as row_count,
        count(case when is_open then 1 end) as open_rows,
        count(case when finality in ('live', 'provisional') then 1 end) as provisional_rows
    from interactions
    group by source
),

newest as (
    select
        interactions.source,
        max(interactions.source_run) as last_run
    from interactions
    join counted
        on interactions.source = counted.source
        and interactions.observed_at = counted.last_observed_at
    group by interactions.source
),

mirrors as (
    select 'crm/crm_accounts' as source, observed_at, etl_loaded_at, source_run from crm_accounts
    union all
    select 'crm/crm_cases' as source, observed_at, etl_loaded_at, source_run from crm_cases
    union all
    select 'crm/crm_opportunities' as source, observed_at, etl_loaded_at, source_run from crm_opportunities
    union all
    select 'crm/crm_users' as source, observed_at, etl_loaded_at, source_run from crm_users
),

mirrored as (
    select
        source,
        max(observed_at) as last_observed_at,
        max(etl_loaded_at) as last_loaded_at,
        count(*) as row_count,
        max(source_run) as last_run
    from mirrors
    group by source
)

select
    counted.source,
    counted.newest_business_date,
    counted.newest_conversation_start,
    counted.last_observed_at,
    counted.last_loaded_at,
    counted.row_count,
    counted.open_rows,
    counted.provisional_rows,
    newest.last_run
from counted
join newest
    on counted.source = newest.source
union all
select
    source,
    cast(null as varchar(256)) as newest_business_date,
    cast(null as timestamp) as newest_conversation_start,
    last_observed_at,
    last_loaded_at,
    row_count,
    cast(null as bigint) as open_rows,
    cast(null as bigint) as provisional_rows,
    last_run
from mirrored
union all
select
    'view/' || view_name as source,
    cast(null as varchar(256)) as newest_business_date,
    cast(null as timestamp) as newest_conversation_start,
    cast(null as timestamp) as last_observed_at,
    published_at as last_loaded_at,
    cast(null as bigint) as row_count,
    cast(null as bigint) as open_rows,
    cast(null as bigint) as provisional_rows,
    run_id as last_run
from etl_publications;
