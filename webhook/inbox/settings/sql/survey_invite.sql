insert into app.survey_invitations (
    store_id, wave, customer_key, conversation_id, respondent, reply_id,
    invited_by
)
values (
    %(store_id)s, %(wave)s, %(customer_key)s, %(conversation_id)s,
    %(respondent)s, %(reply_id)s, %(user_id)s
)
