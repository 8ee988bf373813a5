-- A closing day that has passed is dropped.
update app.survey_waves set
    state = 'open',
    opened_at = coalesce(survey_waves.opened_at, now()),
    reopened_at = now(),
    closed_at = null,
    closes_on = case
        when survey_waves.closes_at > now() then survey_waves.closes_on
    end,
    timezone = case
        when survey_waves.closes_at > now() then survey_waves.timezone
    end
where
    survey_waves.store_id = %(store_id)s
    and survey_waves.wave = %(wave)s
    and app.survey_state(survey_waves.state, survey_waves.closes_at) = 'closed'
