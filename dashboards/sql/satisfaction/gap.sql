select
    null::numeric as numerator,
    max(survey_dimensions.items) as denominator,
    max(survey_dimensions.gap) as value,
    true as is_final
from marts.survey_dimensions
where
    survey_dimensions.store_id = %(store)s
    and survey_dimensions.wave = %(wave)s
    and survey_dimensions.group_kind = 'all'
    and survey_dimensions.dimension = 'all'
