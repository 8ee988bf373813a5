update app.survey_waves set
    state = 'closed',
    closed_at = now()
where
    survey_waves.store_id = %(store_id)s
    and survey_waves.wave = %(wave)s
    and app.survey_state(survey_waves.state, survey_waves.closes_at) = 'open'
