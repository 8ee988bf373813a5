update app.survey_items set
    item = %(item)s,
    dimension = %(dimension)s,
    text_id = %(text_id)s,
    text_en = %(text_en)s
where
    survey_items.store_id = %(store_id)s
    and survey_items.wave = %(wave)s
    and survey_items.item = %(key)s
