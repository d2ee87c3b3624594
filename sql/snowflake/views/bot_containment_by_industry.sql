-- Generated. Bot containment by industry.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "BOT_CONTAINMENT_BY_INDUSTRY" as
with newest as (
    select max(business_date) as business_date
    from unified_interactions
),

contacts as (
    select
        interactions.industry,
        interactions.bot_present and interactions.handled_by_bot_only is not null as is_bot_contact,
        interactions.bot_present and interactions.handled_by_bot_only as is_contained
    from unified_interactions as interactions
    cross join newest
    where interactions.business_date >= to_char(dateadd(day, -(29), cast(newest.business_date as date)), 'YYYY-MM-DD')
),

counted as (
    select
        industry,
        count(*) as total_contacts,
        count(case when is_bot_contact then 1 end) as bot_contacts,
        count(case when is_contained then 1 end) as contained_contacts
    from contacts
    group by industry
)

select
    industry,
    total_contacts,
    bot_contacts,
    contained_contacts,
    cast(((2000 * (contained_contacts) + bot_contacts) - mod((2000 * (contained_contacts) + bot_contacts), (2 * nullif(bot_contacts, 0)))) / (2 * nullif(bot_contacts, 0)) as double) / 10 as containment_rate_pct
from counted;
