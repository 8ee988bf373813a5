with settled as (
    update app.media
    set
        state = %(state)s,
        reason = %(reason)s,
        media_type = %(media_type)s,
        content = %(content)s,
        fetched_at = now()
    where message_sid = %(message_sid)s and position = %(position)s
    returning message_sid
)

select pg_notify('inbox', conversations.conversation_id::text)
from settled
inner join raw.twilio_messages as messages
    on settled.message_sid = messages.message_sid
inner join app.conversations
    on
        messages.store_id = conversations.store_id
        and messages.channel = conversations.channel
        and messages.customer_key = conversations.customer_key
