select
    survey_items.item,
    survey_items.dimension,
    survey_items.position
from app.survey_items as survey_items
where
    survey_items.store_id = %(store_id)s
    and survey_items.wave = %(wave)s
