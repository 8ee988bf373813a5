-- The newest messages of the day before a time, newest first. The customer is
-- not joined: the whole view would be read.
with asked as (
    select
        conversations.store_id,
        conversations.channel,
        conversations.customer_key
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
)

select
    messages.source,
    messages.message_id,
    messages.author,
    coalesce(messages.text, '') as text,
    messages.occurred_at,
    messages.body
from app.messages
where
    messages.customer_key = (select asked.customer_key from asked)
    and messages.store_id = (select asked.store_id from asked)
    and messages.channel = (select asked.channel from asked)
    and messages.occurred_at < %(before)s::timestamptz
    and messages.occurred_at > %(before)s::timestamptz - interval '24 hours'
order by messages.occurred_at desc, messages.message_id desc
limit %(limit)s
