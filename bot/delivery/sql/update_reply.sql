with updated as (
    update app.replies
    set
        state = %(state)s,
        attempts = coalesce(%(attempts)s, attempts),
        sending_at = coalesce(%(sending_at)s, sending_at),
        next_attempt_at = %(next_attempt_at)s,
        sent_at = %(sent_at)s,
        message_sid = %(message_sid)s,
        error_code = %(error_code)s
    where reply_id = %(reply_id)s
    returning conversation_id
)

select pg_notify('inbox', updated.conversation_id::text)
from updated
