select
    metric,
    level,
    finding,
    rate_pct,
    previous_rate_pct,
    change_points,
    low_points,
    high_points,
    known,
    adjusted_p_value,
    case when is_significant then 'yes' when not is_significant then 'no' end as is_significant
from {{schema}}.what_changed
order by
    coalesce(adjusted_p_value, 2),
    finding
limit 200
