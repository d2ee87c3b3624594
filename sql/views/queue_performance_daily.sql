{{template "queue_performance.sql" (list "business_date")}}
