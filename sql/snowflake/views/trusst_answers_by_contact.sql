-- Generated. Answers of Trusst, one row a contact.
-- Evidence: text. Written from the documentation of Snowflake, sent to no account.
create or replace view "TRUSST_ANSWERS_BY_CONTACT" as
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
    where coalesce(questions.shares_key, false) = false
        and answers.question_key in (
            'agent_identified',
            'quality_score',
            'Main topic (v2)',
            'it''s "done"'
        )
),

pivoted as (
    select
        contact_id,
        max(case when question_key = 'agent_identified' then result end) as "AGENT_IDENTIFIED_TEXT",
        max(case when question_key = 'agent_identified' then number end) as "AGENT_IDENTIFIED_NUMBER",
        boolor_agg(case when question_key = 'agent_identified' then truth end) as "AGENT_IDENTIFIED_TRUTH",
        max(case when question_key = 'quality_score' then result end) as "QUALITY_SCORE_TEXT",
        max(case when question_key = 'quality_score' then number end) as "QUALITY_SCORE_NUMBER",
        boolor_agg(case when question_key = 'quality_score' then truth end) as "QUALITY_SCORE_TRUTH",
        max(case when question_key = 'Main topic (v2)' then result end) as "MAIN_TOPIC_V2_TEXT",
        max(case when question_key = 'Main topic (v2)' then number end) as "MAIN_TOPIC_V2_NUMBER",
        boolor_agg(case when question_key = 'Main topic (v2)' then truth end) as "MAIN_TOPIC_V2_TRUTH",
        max(case when question_key = 'it''s "done"' then result end) as "IT_S_DONE_TEXT",
        max(case when question_key = 'it''s "done"' then number end) as "IT_S_DONE_NUMBER",
        boolor_agg(case when question_key = 'it''s "done"' then truth end) as "IT_S_DONE_TRUTH"
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
    contacts.answered_question_count,
    pivoted."AGENT_IDENTIFIED_TEXT",
    pivoted."AGENT_IDENTIFIED_NUMBER",
    pivoted."AGENT_IDENTIFIED_TRUTH",
    pivoted."QUALITY_SCORE_TEXT",
    pivoted."QUALITY_SCORE_NUMBER",
    pivoted."QUALITY_SCORE_TRUTH",
    pivoted."MAIN_TOPIC_V2_TEXT",
    pivoted."MAIN_TOPIC_V2_NUMBER",
    pivoted."MAIN_TOPIC_V2_TRUTH",
    pivoted."IT_S_DONE_TEXT",
    pivoted."IT_S_DONE_NUMBER",
    pivoted."IT_S_DONE_TRUTH"
from trusst_contacts as contacts
left join pivoted
    on pivoted.contact_id = contacts.contact_id
where contacts.stage = 'COMPLETED'
    and not contacts.is_deleted;
