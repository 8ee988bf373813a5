-- How to reach the customer: their address on the channel, and what they entered
-- in their newest order.
select
    conversations.address,
    orders.phone,
    orders.email,
    stores.url as shop_url
from app.conversations
left join app.stores on conversations.store_id = stores.store_id
left join lateral (
    select
        woocommerce_orders.body #>> '{billing,phone}' as phone,
        woocommerce_orders.body #>> '{billing,email}' as email
    from raw.woocommerce_orders
    where
        woocommerce_orders.store_id = conversations.store_id
        and woocommerce_orders.phone_key = conversations.customer_key
        and woocommerce_orders.deleted_at is null
    order by woocommerce_orders.created_at desc
    limit 1
) as orders on true
where conversations.conversation_id = %(conversation_id)s
