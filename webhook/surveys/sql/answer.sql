select app.answer_survey(
    %(store_id)s, %(wave)s, %(respondent)s, 'link', %(language)s, %(answers)s,
    %(about)s, %(is_finished)s
)
