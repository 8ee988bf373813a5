select
    survey_items.item as label,
    survey_items.mean_performance as x,
    survey_items.mean_expectation as y,
    survey_items.quadrant as series,
    survey_items.performance_line as x_line,
    survey_items.expectation_line as y_line
from marts.survey_items
where
    survey_items.store_id = %(store)s
    and survey_items.wave = %(wave)s
    and survey_items.group_kind = 'all'
    and survey_items.quadrant is not null
order by survey_items.quadrant, survey_items.gap, survey_items.item
