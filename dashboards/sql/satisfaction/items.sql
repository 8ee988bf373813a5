select
    survey_items.item,
    case %(reader_language)s
        when 'id' then survey_items.text_id
        else survey_items.text_en
    end as question,
    survey_items.dimension,
    survey_items.respondents,
    survey_items.mean_performance as performance,
    survey_items.mean_expectation as expectation,
    survey_items.gap,
    survey_items.r_performance,
    survey_items.r_expectation,
    case
        when survey_items.is_valid then 'valid'
        when not survey_items.is_valid then 'not_valid'
        else 'unknown'
    end as validity
from marts.survey_items
where
    survey_items.store_id = %(store)s
    and survey_items.wave = %(wave)s
    and survey_items.group_kind = 'all'
order by survey_items.position nulls last, survey_items.item
