with ranked as (
    select
        answers.contact_id,
        answers.question_key,
        answers.result,
        answers.number,
        answers.truth,
        row_number() over (
            partition by
                answers.contact_id,
                answers.question_key
            order by
                answers.effective_at desc nulls last,
                answers.question_id desc
        ) as place
    from trusst_answers as answers
    left join trusst_questions as questions
        on questions.question_id = answers.question_id
    where coalesce(questions.shares_key, false) = false{{if .}}
        and answers.question_key in (
            {{range $i, $pivot := .}}{{if $i}},
            {{end}}{{$pivot.Key}}{{end}}
        ){{end}}
),

pivoted as (
    select
        contact_id{{range .}},
        max(case when question_key = {{.Key}} then result end) as {{.Text}},
        max(case when question_key = {{.Key}} then number end) as {{.Number}},
        {{anyTrue (printf "case when question_key = %s then truth end" .Key)}} as {{.Truth}}{{end}}
    from ranked
    where place = 1
    group by contact_id
)

select
    contacts.contact_id,
    contacts.conversation_id,
    contacts.stream_name,
    contacts.stream_type,
    contacts.direction,
    contacts.start_time,
    contacts.question_count,
    contacts.answered_question_count{{range .}},
    pivoted.{{.Text}},
    pivoted.{{.Number}},
    pivoted.{{.Truth}}{{end}}
from trusst_contacts as contacts
left join pivoted
    on pivoted.contact_id = contacts.contact_id
where contacts.stage = 'COMPLETED'
    and not contacts.is_deleted
