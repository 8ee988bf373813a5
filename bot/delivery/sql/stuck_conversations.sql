-- Conversations with a reply that has been due for half a minute.
select distinct replies.conversation_id
from app.replies
where
    replies.state in ('written', 'sending')
    and coalesce(
        replies.next_attempt_at, replies.sending_at, replies.written_at
    ) < now() - interval '30 seconds'
