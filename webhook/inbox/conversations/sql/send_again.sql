-- A reply that was never accepted. It becomes that of the agent who asks for it,
-- since the bot's are not sent after an agent took over.
update app.replies set
    state = 'written',
    author = 'agent',
    user_id = %(user_id)s,
    answered = null,
    attempts = 0,
    error_code = null,
    sending_at = null,
    next_attempt_at = null
where
    replies.reply_id = %(reply_id)s
    and replies.conversation_id = %(conversation_id)s
    and replies.state = 'dead'
    and replies.message_sid is null
returning replies.reply_id
