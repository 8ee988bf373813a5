-- A reply that failed after it was accepted and was not repeated yet.
select replies.reply_id
from app.replies
where
    replies.reply_id = %(reply_id)s
    and replies.conversation_id = %(conversation_id)s
    and replies.state = 'dead'
    and replies.message_sid is not null
    and not app.is_repeated(replies.reply_id)
