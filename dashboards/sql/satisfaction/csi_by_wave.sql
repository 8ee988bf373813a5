select
    survey_dimensions.wave as series,
    survey_dimensions.csi as value
from marts.survey_dimensions
where
    survey_dimensions.store_id = %(store)s
    and survey_dimensions.group_kind = 'all'
    and survey_dimensions.dimension = 'all'
    and survey_dimensions.csi is not null
order by survey_dimensions.wave
