insert into app.bot_decisions (
    decision_id,
    step,
    conversation_id,
    name,
    outcome,
    reason,
    details,
    language,
    message_ids,
    milliseconds
)
values %s
