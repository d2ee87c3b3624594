select
    kpi,
    dimension,
    coalesce(segment, '(not known)') as segment,
    matched_contacts,
    unmatched_contacts,
    lower_pct,
    rate_pct,
    upper_pct
from {{schema}}.crm_kpi_bounds
order by
    kpi,
    segment
