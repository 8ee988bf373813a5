-- Only one of two concurrent requests to a customer, in any conversation, gets
-- a row.
update app.customers
set rating_requested_at = now()
from app.conversations
where
    conversations.conversation_id = %(conversation_id)s
    and customers.store_id = conversations.store_id
    and customers.customer_key = conversations.customer_key
    and app.opted_out_at(
        conversations.store_id, conversations.customer_key
    ) is null
    and coalesce(customers.rating_requested_at, '-infinity')
    <= now() - interval '7 days'
returning customers.customer_key
