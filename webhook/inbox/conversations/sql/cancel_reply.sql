-- An agent's reply that no attempt was made to send, or none that may have
-- succeeded. Twilio's client keeps unclear attempts apart; a chatbot that did
-- not answer may have passed the reply on.
update app.replies set
    state = 'dropped',
    error_code = %(reason)s,
    next_attempt_at = null
where
    replies.reply_id = %(reply_id)s
    and replies.conversation_id = %(conversation_id)s
    and replies.author = 'agent'
    and replies.state = 'written'
    and (
        replies.attempts = 0
        or exists (
            select from app.conversations
            where
                conversations.conversation_id = replies.conversation_id
                and conversations.address is not null
        )
    )
returning replies.reply_id
