-- The newest messages of the day before a moment, newest first.
with asked as (
    select
        conversations.store_id,
        conversations.channel,
        conversations.customer_key,
        %(before)s::timestamptz as before
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
from asked
inner join app.messages
    on
        asked.store_id = messages.store_id
        and asked.channel = messages.channel
        and asked.customer_key = messages.customer_key
where
    messages.occurred_at < asked.before
    and messages.occurred_at > asked.before - interval '24 hours'
order by messages.occurred_at desc, messages.message_id desc
limit %(limit)s
