select conversations.conversation_id
from app.conversations
where
    conversations.store_id = %(store_id)s
    and conversations.channel = 'kabar_test'
    and conversations.customer_key = %(customer_key)s
