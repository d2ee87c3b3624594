-- Generated. Satisfaction and quality by day, queue, medium and agent.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "SATISFACTION_DAILY" as
with summed as (
    select
        business_date,
        media_type,
        queue_id,
        queue_name,
        agent_id,
        agent_name,
        count(*) as contacts,
        count(csat_score) as csat_count,
        sum(csat_score) as csat_sum,
        count(nps) as nps_count,
        count(case when nps >= 9 then 1 end) as promoters,
        count(case when nps <= 6 then 1 end) as detractors,
        count(qa_score) as qa_count,
        sum(qa_score) as qa_sum
    from unified_interactions
    where agent_id is not null
    group by
        business_date,
        media_type,
        queue_id,
        queue_name,
        agent_id,
        agent_name
)

select
    business_date,
    media_type,
    queue_id,
    queue_name,
    agent_id,
    agent_name,
    contacts,
    csat_count,
    csat_sum,
    cast(csat_sum as double) / nullif(csat_count, 0) as average_csat,
    nps_count,
    promoters,
    detractors,
    case
        when promoters >= detractors then cast(((2000 * (promoters - detractors) + nps_count) - mod((2000 * (promoters - detractors) + nps_count), (2 * nullif(nps_count, 0)))) / (2 * nullif(nps_count, 0)) as double) / 10
        else -cast(((2000 * (detractors - promoters) + nps_count) - mod((2000 * (detractors - promoters) + nps_count), (2 * nullif(nps_count, 0)))) / (2 * nullif(nps_count, 0)) as double) / 10
    end as net_promoter_score,
    qa_count,
    qa_sum,
    cast(qa_sum as double) / nullif(qa_count, 0) as average_qa
from summed;
