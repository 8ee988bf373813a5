select
    survey_dimensions.dimension as series,
    survey_dimensions.gap as value
from marts.survey_dimensions
where
    survey_dimensions.store_id = %(store)s
    and survey_dimensions.wave = %(wave)s
    and survey_dimensions.group_kind = 'all'
    and survey_dimensions.dimension != 'all'
    and survey_dimensions.gap is not null
order by survey_dimensions.gap, survey_dimensions.dimension
