-- The messages to summarise: the newest ones on all channels.
select
    messages.occurred_at,
    messages.author,
    left(messages.text, 600) as text
from app.messages
where
    messages.customer_key = %(customer_key)s
    and messages.store_id = %(store_id)s
    and messages.text > ''
order by messages.occurred_at desc, messages.message_id desc
limit 60
