-- A page of a thread's messages, newest first. The two tables are asked one by
-- one, so that each is read through its index.
with thread as (
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
    messages.occurred_at,
    messages.author,
    messages.text,
    messages.body
from thread
inner join app.messages
    on
        thread.customer_key = messages.customer_key
        and thread.store_id = messages.store_id
        and thread.channel = messages.channel
where
    %(before_at)s::timestamptz is null
    or (messages.occurred_at, messages.message_id)
    < (%(before_at)s, %(before_id)s)
order by messages.occurred_at desc, messages.message_id desc
limit %(limit)s
