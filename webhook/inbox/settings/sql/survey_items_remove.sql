delete from app.survey_items
where
    survey_items.store_id = %(store_id)s
    and survey_items.wave = %(wave)s
    and survey_items.item = %(item)s
