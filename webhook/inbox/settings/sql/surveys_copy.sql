insert into app.survey_items (
    store_id, wave, item, position, dimension, text_id, text_en
)
select
    survey_items.store_id,
    %(wave)s,
    survey_items.item,
    survey_items.position,
    survey_items.dimension,
    survey_items.text_id,
    survey_items.text_en
from app.survey_items
where
    survey_items.store_id = %(store_id)s
    and survey_items.wave = %(copied)s
