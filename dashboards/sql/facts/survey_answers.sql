-- Answers of a wave, without the respondents' names.
select
    md5(
        concat_ws(
            '/',
            fct_survey_answers.store_id,
            fct_survey_answers.wave,
            fct_survey_answers.respondent
        )
    ) as respondent_key,
    fct_survey_answers.answered_at,
    fct_survey_answers.item,
    fct_survey_answers.dimension,
    fct_survey_answers.performance,
    fct_survey_answers.expectation,
    fct_survey_answers.gap,
    fct_survey_answers.source,
    fct_survey_answers.gender,
    fct_survey_answers.age_band,
    fct_survey_answers.job,
    fct_survey_answers.customer_since
from marts.fct_survey_answers
where
    fct_survey_answers.store_id = %(store)s
    and fct_survey_answers.wave = %(wave)s
