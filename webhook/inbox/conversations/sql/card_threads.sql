-- The customer's threads on all channels, and under their other numbers and ids.
select
    conversations.conversation_id,
    conversations.channel,
    conversations.state,
    conversations.last_message_at
from app.conversations
where
    conversations.store_id = %(store_id)s
    and conversations.customer_key in (
        select app.verified_keys(%(store_id)s, %(customer_key)s)
    )
order by conversations.last_message_at desc, conversations.conversation_id desc
limit 20
