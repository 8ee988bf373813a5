select
    survey_checks.wave,
    survey_checks.respondents,
    survey_dimensions.csi,
    survey_dimensions.grade,
    survey_dimensions.gap,
    survey_checks.missing_answers,
    survey_checks.straight_liners,
    survey_checks.rejected,
    case when survey_checks.is_small then 'small' end as sample
from marts.survey_checks
left join marts.survey_dimensions
    on
        survey_checks.store_id = survey_dimensions.store_id
        and survey_checks.wave = survey_dimensions.wave
        and survey_dimensions.group_kind = 'all'
        and survey_dimensions.dimension = 'all'
where survey_checks.store_id = %(store)s
order by
    coalesce(survey_checks.opened_at, survey_checks.last_answered_at) desc,
    survey_checks.wave desc
