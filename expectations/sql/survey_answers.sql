select
    raw.row_id(answers.*) as row_id,
    answers.store_id,
    answers.item,
    answers.dimension,
    answers.respondent,
    extract(
        epoch from answers.answered_at - now()
    )::double precision / 86400 as days_ahead
from raw.survey_answers as answers
where
    answers.changed_at >= %(since)s
    and not exists (
        select 1
        from raw.rejected
        where
            rejected.source = 'survey_answers'
            and rejected.id = raw.row_id(answers.*)
            and rejected.put_back_at is not null
    )
