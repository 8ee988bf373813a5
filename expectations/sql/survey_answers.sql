select
    answers.store_id,
    answers.item,
    answers.dimension,
    answers.respondent,
    extract(
        epoch from answers.answered_at - now()
    )::double precision / 86400 as days_ahead
from raw.survey_answers as answers
where answers.changed_at >= %(since)s
