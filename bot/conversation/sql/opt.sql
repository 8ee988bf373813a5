with person as (
    select
        conversations.store_id,
        keys.customer_key
    from app.conversations
    cross join lateral app.person_keys(
        conversations.store_id, conversations.customer_key
    ) as keys (customer_key)
    where conversations.conversation_id = %(conversation_id)s
)

update app.customers
set
    opted_out_at = case
        when %(is_out)s then coalesce(customers.opted_out_at, now())
    end
from person
where
    customers.store_id = person.store_id
    and customers.customer_key = person.customer_key
