-- Numbers whose last order in the shop has been sent, and none is under way, by
-- the key of their customers.
select woocommerce_orders.phone_key
from raw.woocommerce_orders
where
    woocommerce_orders.store_id = %(store)s
    and woocommerce_orders.phone_key is not null
    and woocommerce_orders.status <> 'trash'
group by woocommerce_orders.phone_key
having
    bool_and(
        woocommerce_orders.status
        not in ('pending', 'on-hold', 'processing')
    )
    and (
        array_agg(
            woocommerce_orders.body -> 'parcels'
            order by woocommerce_orders.created_at desc
        )
    )[1] is not null
