-- The orders of the number that wrote, and those placed with an address that
-- stands on one of them: people order as guests, and leave the number out. For
-- agents only; the bot tells a customer of `own_orders.sql` alone.
with known as (
    select distinct orders.email_key
    from raw.woocommerce_orders as orders
    where
        orders.store_id = %(store_id)s
        and orders.phone_key = %(customer_key)s
        and orders.email_key is not null
        and orders.deleted_at is null
),

met as (
    select orders.id
    from raw.woocommerce_orders as orders
    where
        orders.store_id = %(store_id)s
        and orders.phone_key = %(customer_key)s
    union
    select orders.id
    from raw.woocommerce_orders as orders
    inner join known on orders.email_key = known.email_key
    where orders.store_id = %(store_id)s
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
from raw.woocommerce_orders as orders
inner join met on orders.id = met.id
where
    orders.store_id = %(store_id)s
    and orders.deleted_at is null
    and orders.status not in ('trash', 'auto-draft', 'checkout-draft')
order by orders.created_at desc, orders.id desc
limit 50
