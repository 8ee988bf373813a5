-- The orders of a phone number's key. Other customers' orders are never read,
-- so no answer can reveal them. With `by_address` also orders with an e-mail
-- address of these orders, since guests may leave out the number.
with own as (
    select
        orders.id,
        orders.email_key,
        orders.deleted_at
    from raw.woocommerce_orders as orders
    where
        orders.store_id = %(store_id)s
        and orders.phone_key = %(customer_key)s
),

met as (
    select own.id
    from own
    union
    select orders.id
    from own
    inner join raw.woocommerce_orders as orders
        on own.email_key = orders.email_key
    where
        %(by_address)s
        and own.deleted_at is null
        and orders.store_id = %(store_id)s
)

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
from met
inner join raw.woocommerce_orders as orders on met.id = orders.id
where
    orders.store_id = %(store_id)s
    and orders.deleted_at is null
    and orders.status not in ('trash', 'auto-draft', 'checkout-draft')
order by orders.created_at desc, orders.id desc
limit 50
