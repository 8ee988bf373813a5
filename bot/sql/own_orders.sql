-- Only what was ordered with the number that the key stands for. What is not
-- this customer's is not read at all, so nothing can tell whether it exists.
select
    orders.id,
    orders.status,
    orders.email_key,
    orders.created_at,
    orders.body,
    coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'amount', refunds.body -> 'amount',
                        'created_at', refunds.created_at
                    )
                    order by refunds.created_at
                )
            from raw.woocommerce_refunds as refunds
            where
                refunds.store_id = orders.store_id
                and refunds.order_id = orders.id
                and refunds.deleted_at is null
        ), '[]'
    ) as refunds
from raw.woocommerce_orders as orders
where
    orders.store_id = %(store_id)s
    and orders.phone_key = %(customer_key)s
    and orders.deleted_at is null
    and orders.status not in ('trash', 'auto-draft', 'checkout-draft')
order by orders.created_at desc, orders.id desc
limit 50
