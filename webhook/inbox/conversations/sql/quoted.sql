-- Messages of a conversation that others quote.
select
    messages.message_id,
    messages.author,
    left(messages.text, 300) as text
from app.messages
where
    messages.customer_key = %(customer_key)s
    and messages.store_id = %(store_id)s
    and messages.channel = %(channel)s
    and messages.message_id = any(%(message_ids)s)
