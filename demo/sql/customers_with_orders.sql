-- Numbers under which the shop has a paid order, by the key of their customers.
select distinct woocommerce_orders.phone_key
from raw.woocommerce_orders
where
    woocommerce_orders.store_id = %(store)s
    and woocommerce_orders.phone_key is not null
