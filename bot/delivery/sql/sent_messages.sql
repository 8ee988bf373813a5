select replies.message_sid
from app.replies
where
    replies.conversation_id = %(conversation_id)s
    and replies.message_sid is not null
    and replies.sent_at > now() - interval '7 days'
