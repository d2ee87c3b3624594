select distinct coalesce(customer_tier, '(not known)') as customer_tier
from {{schema}}.contact_kpis_daily
order by customer_tier
