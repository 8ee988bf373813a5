update app.survey_waves set
    title_id = %(title_id)s,
    title_en = %(title_en)s
where
    survey_waves.store_id = %(store_id)s
    and survey_waves.wave = %(wave)s
