with selected as (
    select
        cast({{.Time}} as timestamp) as time{{if .Tiered}},
        coalesce(customer_tier, '(not known)') as tier{{end}}{{range .Columns}},
        {{.}}{{end}}
    from {{schema}}.{{.View}}{{range $i, $c := .Conditions}}
    {{if $i}}    and{{else}}where{{end}} {{$c}}{{end}}
)

select
    time,{{if .Tiered}}
    tier,{{end}}
    cast({{.Value}} as {{realType}}) as {{.Name}}
from selected
where $__timeFilter(time)
group by
    time{{if .Tiered}},
    tier{{end}}
order by
    time{{if .Tiered}},
    tier{{end}}
