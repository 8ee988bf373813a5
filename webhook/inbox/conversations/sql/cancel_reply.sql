-- An agent's reply that no attempt was made to send, or none that may have
-- succeeded.
update app.replies set
    state = 'dropped',
    error_code = %(reason)s,
    next_attempt_at = null
where
    replies.reply_id = %(reply_id)s
    and replies.conversation_id = %(conversation_id)s
    and replies.author = 'agent'
    and replies.state = 'written'
returning replies.reply_id
