select
    max(survey_checks.complete) as numerator,
    null::numeric as denominator,
    max(survey_checks.respondents) as value,
    true as is_final,
    case when bool_or(survey_checks.is_small) then 'small' end as remark
from marts.survey_checks
where
    survey_checks.store_id = %(store)s
    and survey_checks.wave = %(wave)s
