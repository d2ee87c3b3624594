{{template "contact_kpis.sql" "business_date"}}
