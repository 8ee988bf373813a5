-- Those who answered anything in a wave, without their names.
select
    md5(
        concat_ws(
            '/',
            fct_survey_answers.store_id,
            fct_survey_answers.wave,
            fct_survey_answers.respondent
        )
    ) as respondent_key,
    max(fct_survey_answers.answered_at) as answered_at,
    max(fct_survey_answers.source) as source,
    max(fct_survey_answers.gender) as gender,
    max(fct_survey_answers.age_band) as age_band,
    max(fct_survey_answers.job) as job,
    max(fct_survey_answers.customer_since) as customer_since,
    count(*) as answered_items
from marts.fct_survey_answers
where
    fct_survey_answers.store_id = %(store)s
    and fct_survey_answers.wave = %(wave)s
group by
    fct_survey_answers.store_id,
    fct_survey_answers.wave,
    fct_survey_answers.respondent
