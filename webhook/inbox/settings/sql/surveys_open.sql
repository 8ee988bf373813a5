-- A wave without items cannot be opened.
update app.survey_waves set
    state = 'open',
    opened_at = now()
where
    survey_waves.store_id = %(store_id)s
    and survey_waves.wave = %(wave)s
    and survey_waves.state = 'draft'
    and exists (
        select
        from app.survey_items
        where
            survey_items.store_id = survey_waves.store_id
            and survey_items.wave = survey_waves.wave
    )
