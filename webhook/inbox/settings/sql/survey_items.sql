select
    survey_items.item,
    survey_items.dimension,
    survey_items.text_id,
    survey_items.text_en
from app.survey_items
where
    survey_items.store_id = %(store_id)s
    and survey_items.wave = %(wave)s
    and (
        %(item)s::text is null
        or survey_items.item = %(item)s
    )
order by survey_items.position, survey_items.item
