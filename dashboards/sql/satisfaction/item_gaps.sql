select
    survey_items.item as series,
    survey_items.gap as value
from marts.survey_items
where
    survey_items.store_id = %(store)s
    and survey_items.wave = %(wave)s
    and survey_items.group_kind = 'all'
    and survey_items.gap is not null
order by survey_items.gap, survey_items.item
