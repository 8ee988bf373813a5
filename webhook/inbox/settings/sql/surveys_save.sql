-- The closing day of a closed wave stays.
update app.survey_waves set
    title_id = %(title_id)s,
    title_en = %(title_en)s,
    closes_on = case app.survey_state(survey_waves.state, survey_waves.closes_at)
        when 'closed' then survey_waves.closes_on
        else %(closes_on)s::date
    end,
    timezone = case
        when
            app.survey_state(survey_waves.state, survey_waves.closes_at)
            = 'closed'
            then survey_waves.timezone
        when %(closes_on)s::date is not null then %(timezone)s
    end
where
    survey_waves.store_id = %(store_id)s
    and survey_waves.wave = %(wave)s
