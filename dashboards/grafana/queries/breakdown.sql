with selected as (
    select{{if .Time}}
        cast({{.Time}} as timestamp) as time,{{end}}{{if .ID}}
        {{.ID}} as id,{{end}}
        {{.Label}} as label{{range .Columns}},
        {{.}}{{end}}
    from {{schema}}.{{.View}}{{range $i, $c := .Conditions}}
    {{if $i}}    and{{else}}where{{end}} {{$c}}{{end}}
)

select
    label as {{.By}}{{range .Measures}},
    cast({{.Value}} as {{realType}}) as {{.Name}}{{end}}
from selected{{if .Time}}
where $__timeFilter(time){{end}}
group by{{if .ID}}
    id,{{end}}
    label
order by label
