-- Conversations with a reply that has been due for half a minute, or that has
-- failed since it was sent.
select distinct replies.conversation_id
from app.replies
where
    replies.state in ('written', 'sending')
    and coalesce(
        replies.next_attempt_at, replies.sending_at, replies.written_at
    ) < now() - interval '30 seconds'
union
select replies.conversation_id
from raw.twilio_failures as failures
inner join app.replies on failures.message_sid = replies.message_sid
inner join raw.twilio_current_statuses as statuses
    on failures.message_sid = statuses.message_sid
where
    failures.failed_at > now() - interval '1 day'
    and replies.state = 'sent'
    and statuses.failed
