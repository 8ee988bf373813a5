select
    conversations.customer_key,
    conversations.channel,
    conversations.conversation_id
from app.conversations
where
    conversations.store_id = %(store)s
    and conversations.customer_key = any(%(customer_keys)s)
