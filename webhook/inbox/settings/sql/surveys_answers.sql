-- One answer per row, in the form that `python -m sources.surveys import` reads.
select
    answers.respondent,
    answers.item,
    answers.dimension,
    answers.performance,
    answers.expectation,
    case when %(language)s = 'id' then items.text_id else items.text_en end
        as text,
    respondents.gender,
    respondents.age_band,
    respondents.job,
    respondents.customer_since
from raw.survey_answers as answers
inner join raw.survey_respondents as respondents
    on
        answers.store_id = respondents.store_id
        and answers.wave = respondents.wave
        and answers.respondent = respondents.respondent
left join app.survey_items as items
    on
        answers.store_id = items.store_id
        and answers.wave = items.wave
        and answers.item = items.item
where
    answers.store_id = %(store_id)s
    and answers.wave = %(name)s
order by
    respondents.started_at, answers.respondent, items.position, answers.item
