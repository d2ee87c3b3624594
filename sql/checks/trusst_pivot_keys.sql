with wanted as (
    {{elements "pivot_keys" "question_key"}}
),

found as (
    select
        wanted.question_key,
        count(questions.question_id) as questions
    from wanted
    left join trusst_questions as questions
        on questions.question_key = wanted.question_key
        and questions.is_universal
        and questions.is_listed
    group by wanted.question_key
)

select
    left('trusst.pivot_keys' || coalesce(': ' || {{joined "case when questions <> 1 then question_key end" "question_key"}}, ''), 200) as scope,
    cast(count(case when questions <> 1 then 1 end) as {{realType}}) as observed,
    cast(0 as {{realType}}) as threshold
from found
