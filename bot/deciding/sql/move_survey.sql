update app.survey_invitations set
    state = %(state)s,
    item = %(item)s,
    scale = %(scale)s,
    asked_at = now()
where
    survey_invitations.store_id = %(store_id)s
    and survey_invitations.wave = %(wave)s
    and survey_invitations.respondent = %(respondent)s
