-- How many answers the bot has given since a time.
select count(*) as replies
from app.replies
where
    replies.conversation_id = %(conversation_id)s
    and replies.author = 'bot'
    and replies.kind in ('answer', 'fallback')
    and replies.written_at > %(since)s
    and replies.retry_of is null
