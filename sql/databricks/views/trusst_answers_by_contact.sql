-- Generated. Answers of Trusst, one row a contact.
-- Evidence: text. Written from the documentation of Databricks, sent to no account.
create or replace view `trusst_answers_by_contact` as
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
            'it\'s "done"'
        )
),

pivoted as (
    select
        contact_id,
        max(case when question_key = 'agent_identified' then result end) as `agent_identified_text`,
        max(case when question_key = 'agent_identified' then number end) as `agent_identified_number`,
        bool_or(case when question_key = 'agent_identified' then truth end) as `agent_identified_truth`,
        max(case when question_key = 'quality_score' then result end) as `quality_score_text`,
        max(case when question_key = 'quality_score' then number end) as `quality_score_number`,
        bool_or(case when question_key = 'quality_score' then truth end) as `quality_score_truth`,
        max(case when question_key = 'Main topic (v2)' then result end) as `main_topic_v2_text`,
        max(case when question_key = 'Main topic (v2)' then number end) as `main_topic_v2_number`,
        bool_or(case when question_key = 'Main topic (v2)' then truth end) as `main_topic_v2_truth`,
        max(case when question_key = 'it\'s "done"' then result end) as `it_s_done_text`,
        max(case when question_key = 'it\'s "done"' then number end) as `it_s_done_number`,
        bool_or(case when question_key = 'it\'s "done"' then truth end) as `it_s_done_truth`
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
    pivoted.`agent_identified_text`,
    pivoted.`agent_identified_number`,
    pivoted.`agent_identified_truth`,
    pivoted.`quality_score_text`,
    pivoted.`quality_score_number`,
    pivoted.`quality_score_truth`,
    pivoted.`main_topic_v2_text`,
    pivoted.`main_topic_v2_number`,
    pivoted.`main_topic_v2_truth`,
    pivoted.`it_s_done_text`,
    pivoted.`it_s_done_number`,
    pivoted.`it_s_done_truth`
from trusst_contacts as contacts
left join pivoted
    on pivoted.contact_id = contacts.contact_id
where contacts.stage = 'COMPLETED'
    and not contacts.is_deleted;
