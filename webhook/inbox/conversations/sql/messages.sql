-- A page of a thread's messages, newest first. The customer is a parameter and
-- not joined, so that both tables are read through their indexes.
select
    messages.source,
    messages.message_id,
    messages.occurred_at,
    messages.author,
    messages.text,
    messages.body
from app.messages
where
    messages.customer_key = %(customer_key)s
    and messages.store_id = %(store_id)s
    and messages.channel = %(channel)s
    and (
        %(before_at)s::timestamptz is null
        or (messages.occurred_at, messages.message_id)
        < (%(before_at)s, %(before_id)s)
    )
order by messages.occurred_at desc, messages.message_id desc
limit %(limit)s
