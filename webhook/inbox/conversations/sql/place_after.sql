-- The message that the page with a found message ends before: one that comes
-- %(messages)s messages later, if there are so many.
with found as (
    select
        messages.occurred_at,
        messages.message_id
    from app.messages
    where
        messages.customer_key = %(customer_key)s
        and messages.store_id = %(store_id)s
        and messages.channel = %(channel)s
        and messages.message_id = %(message_id)s
)

select
    messages.occurred_at,
    messages.message_id
from app.messages
inner join found
    on
        messages.occurred_at >= found.occurred_at
        and (messages.occurred_at, messages.message_id)
        > (found.occurred_at, found.message_id)
where
    messages.customer_key = %(customer_key)s
    and messages.store_id = %(store_id)s
    and messages.channel = %(channel)s
order by messages.occurred_at asc, messages.message_id asc
limit 1 offset %(messages)s
