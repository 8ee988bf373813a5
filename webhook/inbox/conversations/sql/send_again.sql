update app.replies set
    state = 'written',
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
