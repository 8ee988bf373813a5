with thread as (
    select
        conversations.store_id,
        conversations.customer_key
    from app.conversations
    where conversations.conversation_id = %(conversation_id)s
)

update app.customers
set
    opted_out_at = case
        when %(is_out)s then coalesce(customers.opted_out_at, now())
    end
from thread
where
    customers.store_id = thread.store_id
    and customers.customer_key in (
        select app.person_keys(thread.store_id, thread.customer_key)
    )
