select conversations.conversation_id
from app.conversations
where conversations.customer_key = md5('customer 0')
