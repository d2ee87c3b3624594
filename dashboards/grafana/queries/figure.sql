with selected as (
    select
        cast({{.Time}} as timestamp) as time{{range .Columns}},
        {{.}}{{end}}
    from {{schema}}.{{.View}}{{range $i, $c := .Conditions}}
    {{if $i}}    and{{else}}where{{end}} {{$c}}{{end}}
)

select
    cast({{.Value}} as {{realType}}) as value{{if .Taken}},
    cast({{.Taken}} as bigint) as n{{end}}
from selected
where $__timeFilter(time)
