{{template "contact_kpis.sql" "week_start"}}
