-- Generated. Pivoted question keys that are not those of exactly one universal question.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
with wanted as (
    select value as question_key from trunkline_parameters where name = 'pivot_keys'
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
    left('trusst.pivot_keys' || coalesce(': ' || nullif(listagg(case when questions <> 1 then question_key end, ', ') within group (order by question_key), ''), ''), 200) as scope,
    cast(count(case when questions <> 1 then 1 end) as double) as observed,
    cast(0 as double) as threshold
from found;
