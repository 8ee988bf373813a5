select orders.id
from raw.woocommerce_orders as orders
where
    orders.store_id = %(store_id)s
    and orders.deleted_at is null
    and orders.status <> all(%(unlisted)s)
    and orders.created_at >= %(start)s
    and orders.created_at < %(end)s
