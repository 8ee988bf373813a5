select
    survey_dimensions.group_value,
    survey_dimensions.group_kind,
    survey_dimensions.respondents,
    survey_dimensions.csi,
    survey_dimensions.grade,
    survey_dimensions.gap,
    case when survey_dimensions.is_small then 'small' end as sample
from marts.survey_dimensions
where
    survey_dimensions.store_id = %(store)s
    and survey_dimensions.wave = %(wave)s
    and survey_dimensions.group_kind != 'all'
    and survey_dimensions.dimension = 'all'
order by
    survey_dimensions.group_kind,
    survey_dimensions.group_value
