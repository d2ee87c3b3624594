-- Generated. What changed between the last two weeks.
create or replace view "what_changed" as
with newest as (
    select max(business_date) as last_day
    from unified_interactions
    where finality <> 'live'
),

periods as (
    select
        last_day,
        to_char(dateadd(day, -(6), cast(last_day as date)), 'YYYY-MM-DD') as first_day,
        to_char(dateadd(day, -(13), cast(last_day as date)), 'YYYY-MM-DD') as previous_first_day
    from newest
),

shipped as (
    select
        releases.released_on,
        max(releases.product || ' ' || releases.release) as release
    from releases
    cross join periods
    where not releases.is_deleted
        and releases.released_on >= periods.previous_first_day
        and releases.released_on <= periods.last_day
    group by releases.released_on
),

contacts as (
    select
        interactions.business_date,
        interactions.customer_tier,
        interactions.queue_id,
        interactions.queue_name,
        interactions.business_date >= periods.first_day as is_current,
        interactions.was_escalated,
        case when interactions.offered_count > 0 then interactions.abandoned end as was_abandoned,
        case when interactions.bot_present then interactions.handled_by_bot_only end as was_contained
    from unified_interactions as interactions
    cross join periods
    where interactions.business_date >= periods.previous_first_day
        and interactions.business_date <= periods.last_day
),

in_force as (
    select
        contacts.business_date,
        max(shipped.released_on) as released_on
    from contacts
    join shipped
        on contacts.business_date >= shipped.released_on
    where contacts.is_current
    group by contacts.business_date
),

measured as (
    select
        'escalation_rate' as metric,
        business_date,
        customer_tier,
        queue_id,
        queue_name,
        is_current,
        count(was_escalated) as known,
        count(case when was_escalated then 1 end) as events
    from contacts
    group by
        business_date,
        customer_tier,
        queue_id,
        queue_name,
        is_current
    union all
    select
        'abandon_rate' as metric,
        business_date,
        customer_tier,
        queue_id,
        queue_name,
        is_current,
        count(was_abandoned) as known,
        count(case when was_abandoned then 1 end) as events
    from contacts
    group by
        business_date,
        customer_tier,
        queue_id,
        queue_name,
        is_current
    union all
    select
        'containment_rate' as metric,
        business_date,
        customer_tier,
        queue_id,
        queue_name,
        is_current,
        count(was_contained) as known,
        count(case when was_contained then 1 end) as events
    from contacts
    group by
        business_date,
        customer_tier,
        queue_id,
        queue_name,
        is_current
),

levels as (
    select 'all' as level, 0 as by_tier, 0 as by_queue, 0 as by_release
    union all
    select 'release' as level, 0 as by_tier, 0 as by_queue, 1 as by_release
    union all
    select 'tier' as level, 1 as by_tier, 0 as by_queue, 1 as by_release
    union all
    select 'queue' as level, 0 as by_tier, 1 as by_queue, 1 as by_release
    union all
    select 'tier_queue' as level, 1 as by_tier, 1 as by_queue, 1 as by_release
),

segmented as (
    select
        measured.metric,
        levels.level,
        case when levels.by_tier = 1 then measured.customer_tier end as customer_tier,
        case when levels.by_queue = 1 then measured.queue_id end as queue_id,
        case when levels.by_queue = 1 then measured.queue_name end as queue_name,
        case when levels.by_release = 1 then shipped.release end as release,
        case when levels.by_release = 1 then shipped.released_on end as released_on,
        measured.is_current,
        measured.known,
        measured.events
    from measured
    cross join levels
    left join in_force
        on measured.business_date = in_force.business_date
    left join shipped
        on in_force.released_on = shipped.released_on
),

cells as (
    select
        metric,
        level,
        customer_tier,
        queue_id,
        queue_name,
        release,
        released_on,
        cast(sum(case when is_current then known else 0 end) as bigint) as known,
        cast(sum(case when is_current then events else 0 end) as bigint) as events,
        cast(sum(case when is_current then 0 else known end) as bigint) as known_then,
        cast(sum(case when is_current then 0 else events end) as bigint) as events_then
    from segmented
    group by
        metric,
        level,
        customer_tier,
        queue_id,
        queue_name,
        release,
        released_on
),

compared as (
    select
        metric,
        level,
        customer_tier,
        queue_id,
        queue_name,
        release,
        released_on,
        known,
        events,
        known_then,
        cast(sum(known) over (partition by metric, level, customer_tier, queue_id, queue_name) as bigint) as segment_known,
        cast(sum(known_then) over (partition by metric, level, customer_tier, queue_id, queue_name) as bigint) as previous_known,
        cast(sum(events_then) over (partition by metric, level, customer_tier, queue_id, queue_name) as bigint) as previous_events,
        cast(sum(known) over (partition by metric, level) as double precision) as all_known,
        cast(sum(events) over (partition by metric, level) as double precision) as all_events,
        cast(sum(known_then) over (partition by metric, level) as double precision) as all_previous_known,
        cast(sum(events_then) over (partition by metric, level) as double precision) as all_previous_events
    from cells
),

rated as (
    select
        compared.*,
        cast(events as double precision) / nullif(known, 0) as rate,
        cast(previous_events as double precision) / nullif(previous_known, 0) as previous_rate,
        coalesce(cast(previous_events as double precision) / nullif(previous_known, 0), all_previous_events / all_previous_known) as expected_rate,
        all_events / all_known - all_previous_events / all_previous_known as all_change,
        all_previous_events / all_previous_known as all_previous_rate
    from compared
    where all_known > 0
        and all_previous_known > 0
        and (known > 0 or (segment_known = 0 and known_then > 0))
        and (level <> 'release' or release is not null)
),

effects as (
    select
        rated.*,
        coalesce(known / all_known * (rate - expected_rate), 0) as rate_effect,
        (segment_known / all_known - previous_known / all_previous_known)
        * (expected_rate - all_previous_rate)
        * case when segment_known > 0 then cast(known as double precision) / segment_known else 1 end as mix_effect,
        (events + 1.920729410347062) / (known + 3.841458820694124) as centre,
        1.959963984540054 / (known + 3.841458820694124)
        * sqrt(cast(events as double precision) * (known - events) / nullif(known, 0) + 0.960364705173531) as half_width,
        (previous_events + 1.920729410347062) / (previous_known + 3.841458820694124) as previous_centre,
        1.959963984540054 / (previous_known + 3.841458820694124)
        * sqrt(cast(previous_events as double precision) * (previous_known - previous_events) / nullif(previous_known, 0) + 0.960364705173531) as previous_half_width,
        cast(events + previous_events as double precision) / (known + previous_known) as pooled,
        cast(1 as double precision) / nullif(known, 0) + cast(1 as double precision) / nullif(previous_known, 0) as spread
    from rated
),

bounded as (
    select
        effects.*,
        rate - previous_rate as change,
        rate - previous_rate - sqrt(
            (rate - centre + half_width) * (rate - centre + half_width)
            + (previous_centre + previous_half_width - previous_rate) * (previous_centre + previous_half_width - previous_rate)
        ) as low,
        rate - previous_rate + sqrt(
            (centre + half_width - rate) * (centre + half_width - rate)
            + (previous_rate - previous_centre + previous_half_width) * (previous_rate - previous_centre + previous_half_width)
        ) as high,
        case
            when known < 30 or previous_known < 30 or pooled = 0 or pooled = 1 then null
            when abs(rate - previous_rate) <= spread / 2 then 0
            else (abs(rate - previous_rate) - spread / 2) / sqrt(pooled * (1 - pooled) * spread)
        end as z
    from effects
),

weighed as (
    select
        bounded.*,
        1 / (1 + 0.2316419 * z) as t
    from bounded
),

tested as (
    select
        weighed.*,
        0.7978845608028654 * exp(-z * z / 2)
        * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))) as p_value
    from weighed
),

ranked as (
    select
        tested.*,
        count(p_value) over () as tests,
        row_number() over (
            order by
                case when p_value is null then 1 else 0 end,
                p_value
        ) as place
    from tested
),

adjusted as (
    select
        ranked.*,
        case when p_value is not null then max((tests - place + 1) * p_value) over (
            order by place
            rows between unbounded preceding and current row
        ) end as raised
    from ranked
),

judged as (
    select
        adjusted.*,
        case when raised > 1 then 1 else raised end as adjusted_p_value,
        raised < 0.01 as is_significant
    from adjusted
)

select
    judged.metric,
    judged.level,
    judged.customer_tier,
    judged.queue_id,
    judged.queue_name,
    judged.release,
    judged.released_on,
    periods.previous_first_day,
    periods.first_day,
    periods.last_day,
    judged.previous_known,
    judged.previous_events,
    judged.known,
    judged.events,
    (trunc(1000 * judged.previous_rate) + trunc(2 * (1000 * judged.previous_rate - trunc(1000 * judged.previous_rate)))) / 10 as previous_rate_pct,
    (trunc(1000 * judged.rate) + trunc(2 * (1000 * judged.rate - trunc(1000 * judged.rate)))) / 10 as rate_pct,
    (trunc(1000 * judged.change) + trunc(2 * (1000 * judged.change - trunc(1000 * judged.change)))) / 10 as change_points,
    (trunc(1000 * judged.low) + trunc(2 * (1000 * judged.low - trunc(1000 * judged.low)))) / 10 as low_points,
    (trunc(1000 * judged.high) + trunc(2 * (1000 * judged.high - trunc(1000 * judged.high)))) / 10 as high_points,
    (trunc(1000 * (judged.known / judged.all_known)) + trunc(2 * (1000 * (judged.known / judged.all_known) - trunc(1000 * (judged.known / judged.all_known))))) / 10 as contact_share_pct,
    (trunc(100000 * judged.rate_effect) + trunc(2 * (100000 * judged.rate_effect - trunc(100000 * judged.rate_effect)))) / 1000 as rate_effect_points,
    (trunc(100000 * judged.mix_effect) + trunc(2 * (100000 * judged.mix_effect - trunc(100000 * judged.mix_effect)))) / 1000 as mix_effect_points,
    (trunc(1000000000 * judged.p_value) + trunc(2 * (1000000000 * judged.p_value - trunc(1000000000 * judged.p_value)))) / 1000000000 as p_value,
    (trunc(1000000000 * judged.adjusted_p_value) + trunc(2 * (1000000000 * judged.adjusted_p_value - trunc(1000000000 * judged.adjusted_p_value)))) / 1000000000 as adjusted_p_value,
    judged.is_significant,
    case judged.metric
        when 'escalation_rate' then 'Escalation rate'
        when 'abandon_rate' then 'Abandon rate'
        else 'Containment rate'
    end
    || case
        when judged.level not in ('tier', 'tier_queue') then ''
        else ' of ' || coalesce(judged.customer_tier, 'customers of unknown tier')
    end
    || case
        when judged.level not in ('queue', 'tier_queue') then ''
        else ' in ' || coalesce(judged.queue_name, judged.queue_id, 'no queue')
    end
    || coalesce(' since ' || judged.release || ' (' || judged.released_on || ')', '')
    || ': '
    || coalesce(to_char(cast(round(10 * ((trunc(1000 * judged.rate) + trunc(2 * (1000 * judged.rate - trunc(1000 * judged.rate)))) / 10)) as bigint) / 10.0, 'FM999999999990.0') || ' %', 'no contacts')
    || ' after '
    || coalesce(to_char(cast(round(10 * ((trunc(1000 * judged.previous_rate) + trunc(2 * (1000 * judged.previous_rate - trunc(1000 * judged.previous_rate)))) / 10)) as bigint) / 10.0, 'FM999999999990.0') || ' %', 'no contacts')
    || ' in the 7 days before'
    || coalesce(
        ', ' || to_char(cast(round(10 * ((trunc(1000 * judged.change) + trunc(2 * (1000 * judged.change - trunc(1000 * judged.change)))) / 10 + 0)) as bigint) / 10.0, 'FMSG999999999990.0')
        || ' points (95 % interval ' || to_char(cast(round(10 * ((trunc(1000 * judged.low) + trunc(2 * (1000 * judged.low - trunc(1000 * judged.low)))) / 10 + 0)) as bigint) / 10.0, 'FMSG999999999990.0')
        || ' to ' || to_char(cast(round(10 * ((trunc(1000 * judged.high) + trunc(2 * (1000 * judged.high - trunc(1000 * judged.high)))) / 10 + 0)) as bigint) / 10.0, 'FMSG999999999990.0') || ')',
        ''
    )
    || '; ' || to_char(cast(round(10 * ((trunc(1000 * (judged.known / judged.all_known)) + trunc(2 * (1000 * (judged.known / judged.all_known) - trunc(1000 * (judged.known / judged.all_known))))) / 10)) as bigint) / 10.0, 'FM999999999990.0') || ' % of the contacts bring '
    || to_char(cast(round(10 * ((trunc(1000 * (judged.rate_effect + judged.mix_effect)) + trunc(2 * (1000 * (judged.rate_effect + judged.mix_effect) - trunc(1000 * (judged.rate_effect + judged.mix_effect))))) / 10 + 0)) as bigint) / 10.0, 'FMSG999999999990.0')
    || ' of ' || to_char(cast(round(10 * ((trunc(1000 * judged.all_change) + trunc(2 * (1000 * judged.all_change - trunc(1000 * judged.all_change)))) / 10 + 0)) as bigint) / 10.0, 'FMSG999999999990.0') || ' points overall; '
    || case
        when judged.p_value is null then 'too few to tell'
        when judged.is_significant then 'more than chance'
        else 'within chance'
    end as finding
from judged
cross join periods;
