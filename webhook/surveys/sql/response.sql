select app.survey_response(%(store_id)s, %(wave)s, %(respondent)s)
