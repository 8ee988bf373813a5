select distinct conversations.customer_key
from app.conversations
where
    conversations.store_id = %(store)s
    and (
        conversations.state != 'bot'
        or conversations.last_message_at > now() - interval '2 days'
    )
