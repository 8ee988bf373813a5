select
    survey_dimensions.dimension,
    survey_dimensions.respondents,
    survey_dimensions.csi,
    survey_dimensions.grade,
    survey_dimensions.gap,
    survey_dimensions.alpha_performance,
    survey_dimensions.alpha_expectation
from marts.survey_dimensions
where
    survey_dimensions.store_id = %(store)s
    and survey_dimensions.wave = %(wave)s
    and survey_dimensions.group_kind = 'all'
order by
    survey_dimensions.dimension = 'all',
    survey_dimensions.gap,
    survey_dimensions.dimension
