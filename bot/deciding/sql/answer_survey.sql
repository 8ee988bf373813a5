select app.answer_survey(
    %(store_id)s, %(wave)s, %(respondent)s, 'whatsapp', %(language)s,
    %(answers)s, null, %(is_finished)s
)
